import {
  type Authority,
  type Evaluation,
  type IssuedPckCertificate,
  cpuSvnOf,
} from '@touchstone/authority';
import { concat, fromUtf8 } from '@touchstone/bytes';
import type { Collateral } from '@touchstone/collateral';
import { type EnclaveManifest, createImage, signEnclave } from '@touchstone/enclave';
import type { TestPlatform } from './platform';
import { anAuthorKey } from './test-authority';

export interface QuoteOptions {
  /** At most 64 bytes; zeros follow. */
  readonly reportData?: Uint8Array;
  /** What is measured. */
  readonly code?: string;
  readonly manifest?: Partial<EnclaveManifest>;
  /** With KSS only: 64 bytes and a number that the host chose. */
  readonly configId?: Uint8Array;
  readonly configSvn?: number;
  /** Who certifies the platform; its own authority unless another (a faulty state of it, say) is given. */
  readonly authority?: Authority;
}

const REPORT_DATA_BYTES = 64;

const MANIFEST: EnclaveManifest = {
  name: 'tested',
  productId: 7,
  svn: 3,
  debug: false,
  heapPages: 4,
  threads: 1,
  attributes: [],
};

/** A v3 quote of an enclave on the platform, with its PCK chain. */
export function aQuote(platform: TestPlatform, options: QuoteOptions = {}): Uint8Array {
  const { machine, at } = platform;
  const { reportData = new Uint8Array(), code = 'exports.ecalls = {};', manifest } = options;
  const { configId, configSvn } = options;
  const image = createImage({ ...MANIFEST, ...manifest }, fromUtf8(code));
  const { running } = machine.load(image, signEnclave(image, anAuthorKey(platform.seed), at), {
    ...(configId && { configId }),
    ...(configSvn !== undefined && { configSvn }),
  });
  const padded = concat(reportData, new Uint8Array(REPORT_DATA_BYTES - reportData.length));
  const report = running.instructions.ereport(machine.quoting.targetInfo(), padded);
  const authority = options.authority ?? platform.authority;
  const { tcb } = pckOf(platform, authority);
  return machine.quoting.getQuote(report, {
    type: 5,
    pckChain: pckChainOf(platform, authority),
    svn: { cpuSvn: cpuSvnOf(tcb), pceSvn: tcb.pceSvn },
  }).quote;
}

/** The PCK certificate that fits the platform. */
export const pckOf = (
  { fused, rawTcb, at, authority: own }: TestPlatform,
  authority = own,
): IssuedPckCertificate => authority.bestPckCertificate(fused, rawTcb, at);

/** PEM: leaf, intermediate, root. */
export const pckChainOf = (platform: TestPlatform, authority = platform.authority): string =>
  pckOf(platform, authority).pem + authority.pckIssuerChain(platform.model.ca, platform.at);

/** Everything that a verifier needs for the platform's quotes. */
export const collateralOf = (
  { authority: own, model, at }: TestPlatform,
  { authority = own, ...evaluation }: Evaluation & { readonly authority?: Authority } = {},
): Collateral => authority.collateral(model, at, evaluation);
