import type { Command } from 'commander';
import { fromHex } from '@touchstone/bytes';
import type { HttpClient } from '@touchstone/http-client';
import type { Endpoints } from '@touchstone/server-ecosystem';
import type { SignerRequest } from '@touchstone/service-verifier';
import { readCollateral } from '../verify/given-files';
import { pccsSource } from '../verify/pccs-source';
import { parsePccsUrl, readAnchors, UsageError } from '../verify/verify-options';

export interface AttesterOptions {
  readonly attestTheAttester?: boolean;
  readonly pccs?: string;
  readonly collateral?: readonly string[];
  readonly anchor?: readonly string[];
  readonly mrenclave?: string;
  readonly mrsigner?: string;
  readonly allowDebug?: boolean;
}

/** Everything about a signer that a token does not say. */
export type SignerExpectations = Omit<SignerRequest, 'certificate' | 'issuer'>;

const each = (value: string, before: readonly string[] = []): string[] => [...before, value];

export const addAttesterOptions = (command: Command): Command =>
  command
    .option(
      '--attest-the-attester',
      'the key of the signer must have been born in a genuine enclave, by the quote in its certificate',
    )
    .option('--mrenclave <hex>', 'the signer must be this enclave')
    .option('--mrsigner <hex>', 'the signer must be an enclave of this author')
    .option('--allow-debug', 'the signer may be a debug enclave')
    .option('--collateral <path...>', 'files and folders with collateral for that quote')
    .option('--pccs <url>', 'fetch what is missing from this PCK caching service')
    .option(
      '--anchor <root>',
      'whom that quote must lead to: "intel" (the default), or a file with a root certificate or key',
      each,
    )
    .addHelpText(
      'after',
      `
Where the ecosystem of the state folder is the judge (--home, or no --issuer and no --jwks), its PCK cache and its simulated root are the
defaults of --pccs and --anchor.`,
    );

/** @throws UsageError, FileError, VerifierError */
export async function signerExpectations(
  options: AttesterOptions,
  ecosystem: Endpoints | undefined,
  http: HttpClient,
  at: Date,
): Promise<SignerExpectations> {
  const { collateral = [], anchor, pccs = ecosystem?.services['pck-cache'] } = options;
  const anchors = anchor ?? (ecosystem ? [ecosystem.simulatedRoot] : []);
  return {
    at,
    collateral: await readCollateral(collateral),
    anchors: await readAnchors(anchors),
    without: [],
    ...(pccs !== undefined && { source: pccsSource(parsePccsUrl(pccs), http) }),
    ...(options.mrenclave !== undefined && {
      mrEnclave: parseMeasurement(options.mrenclave, 'mrenclave'),
    }),
    ...(options.mrsigner !== undefined && {
      mrSigner: parseMeasurement(options.mrsigner, 'mrsigner'),
    }),
    allowDebug: options.allowDebug ?? false,
  };
}

function parseMeasurement(text: string, field: string): Uint8Array {
  if (/^[0-9a-f]{64}$/i.test(text)) return fromHex(text.toLowerCase(), field);
  throw new UsageError('USAGE', `--${field} takes 64 hex digits`, { field });
}
