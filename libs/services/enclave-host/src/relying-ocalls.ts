import { fromUtf8, toHex, toUtf8 } from '@touchstone/bytes';
import { parsePckExtension } from '@touchstone/collateral';
import { parsePemChain } from '@touchstone/pki';
import type { Clock } from '@touchstone/ports';
import {
  encodeOeEndorsements,
  MAX_QUOTE_BYTES,
  parseQuote,
  quoteInEvidence,
} from '@touchstone/quote';
import { EnclaveHostError } from './enclave-host-error';
import type { CollateralSource, Ocalls, PlatformName } from './ports';

const ENDORSEMENTS_VERSION = 1;

/**
 * What an enclave that relies on others' evidence asks of its host: `collateral`, the SGX endorsements for evidence in any
 * form, and `time`, ISO 8601. It has no reason to believe either, and does not have to believe the first: it is signed.
 */
export const relyingOcalls = (source: CollateralSource, clock: Clock): Ocalls => ({
  collateral: async (evidence) => {
    const collateral = await source.collateral(platformOf(evidence));
    return encodeOeEndorsements({
      ...collateral,
      version: ENDORSEMENTS_VERSION,
      creationTime: `${clock.now().toISOString().slice(0, 19)}Z`,
    });
  },
  time: async () => fromUtf8(clock.now().toISOString()),
});

/** Whose evidence it claims to be: enough to know which documents to fetch. @throws HOST_EVIDENCE_UNREADABLE */
export function platformOf(evidence: Uint8Array): PlatformName {
  try {
    if (evidence.length > 2 * MAX_QUOTE_BYTES) throw new RangeError('the evidence is too large');
    const { certificationData } = parseQuote(quoteInEvidence(evidence).quote, {
      trailing: 'allow-zero',
    });
    const chain = parsePemChain(toUtf8(certificationData.bytes).replace(/\0+$/, ''));
    const [leaf] = chain;
    if (leaf === undefined) throw new TypeError('no certificate is in it');
    const ca = leaf.issuer.commonName?.includes('Platform') ? 'platform' : 'processor';
    return { fmspc: toHex(parsePckExtension(leaf).fmspc), ca };
  } catch (cause) {
    throw new EnclaveHostError(
      'HOST_EVIDENCE_UNREADABLE',
      'the evidence does not say which platform it is of',
      { field: 'evidence', cause },
    );
  }
}
