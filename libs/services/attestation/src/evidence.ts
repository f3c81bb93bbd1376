import { sha256, toHex } from '@touchstone/bytes';
import { parsePckExtension } from '@touchstone/collateral';
import { parsePemChain } from '@touchstone/pki';
import { parseCertificationData, parseOeReport, parseQuote, type Quote } from '@touchstone/quote';
import { AttestationError } from './attestation-error';
import type { CollateralKey } from './collateral-source';

export type EvidenceType = 'SgxEnclave' | 'OpenEnclave';

/**
 * The SGX quote in the evidence: the evidence itself, or what an Open Enclave header wraps.
 *
 * @throws AttestationError ATTESTATION_EVIDENCE_MALFORMED
 */
export function readEvidence(type: EvidenceType, evidence: Uint8Array): Quote {
  return reading('evidence-format', () => {
    const quote = parseQuote(bareQuote(type, evidence));
    if (quote.teeType === 'sgx') return quote;
    throw new AttestationError(
      'ATTESTATION_EVIDENCE_MALFORMED',
      `a quote of an SGX enclave is expected, and this is one of ${quote.teeType}`,
      { field: 'teeType' },
    );
  });
}

/** The evidence without what wraps it. */
export const bareQuote = (type: EvidenceType, evidence: Uint8Array): Uint8Array =>
  type === 'OpenEnclave' ? parseOeReport(evidence).quote : evidence;

/** Chains whose key is remembered. */
const MAX_REMEMBERED_CHAINS = 1000;

export type CollateralKeyReader = (quote: Quote) => CollateralKey;

/**
 * Reads which collateral a quote needs from the chain inside it. Nothing of that is proven: the key only
 * chooses documents, and the verifier compares them with the platform. Chains are parsed once and then
 * known by their digest.
 */
export function createCollateralKeyReader(): CollateralKeyReader {
  const known = new Map<string, CollateralKey>();
  return (quote) => {
    const digest = toHex(sha256(quote.certificationData.bytes));
    const remembered = known.get(digest);
    if (remembered) return remembered;
    const key = reading('pck-chain-format', () => readKey(quote));
    if (known.size === MAX_REMEMBERED_CHAINS) known.clear();
    known.set(digest, key);
    return key;
  };
}

function readKey(quote: Quote): CollateralKey {
  const data = parseCertificationData(quote.certificationData);
  if (data.type !== 5) {
    throw new AttestationError('ATTESTATION_EVIDENCE_MALFORMED', 'the quote carries no PCK chain', {
      field: 'certificationData',
    });
  }
  const leaf = parsePemChain(data.pem).find(({ subject }) =>
    subject.commonName?.includes('PCK Certificate'),
  );
  if (!leaf) {
    throw new AttestationError(
      'ATTESTATION_EVIDENCE_MALFORMED',
      'the chain has no PCK certificate',
      {
        field: 'certificationData',
      },
    );
  }
  const ca = leaf.issuer.commonName?.includes('Platform') ? 'platform' : 'processor';
  return { fmspc: toHex(parsePckExtension(leaf).fmspc), ca };
}

function reading<Result>(check: string, read: () => Result): Result {
  try {
    return read();
  } catch (cause) {
    const { code, field, message } = describe(cause);
    throw new AttestationError('ATTESTATION_EVIDENCE_MALFORMED', message, {
      ...(field !== undefined && { field }),
      cause,
      checks: [{ name: check, result: 'failed', code, detail: message }],
    });
  }
}

/** Every failure of a parser is the evidence's: parsers are pure and see nothing else. */
function describe(cause: unknown): { code: string; message: string; field?: string } {
  if (!(cause instanceof Error)) return { code: 'UNKNOWN', message: 'the evidence cannot be read' };
  const { code = 'UNKNOWN', field } = cause as { code?: string; field?: string };
  return { code, message: cause.message, ...(field !== undefined && { field }) };
}
