import { equal, sha256 } from '@touchstone/bytes';
import type { SgxQuote } from '@touchstone/quote';
import { parseQuote, quoteInEvidence } from '@touchstone/quote';
import { EvidenceError } from './evidence-error';

/** A quote that nobody has verified yet, and the claims that came with it. */
export interface UnverifiedEvidence {
  readonly quote: SgxQuote;
  readonly customClaims?: Uint8Array;
}

/** Any of the forms that `getEvidence` makes. @throws EvidenceError EVIDENCE_MALFORMED, EVIDENCE_NOT_SGX */
export function unwrapEvidence(evidence: Uint8Array): UnverifiedEvidence {
  const { quote: bytes, customClaims } = malformedUnless(() => quoteInEvidence(evidence));
  const quote = malformedUnless(() => parseQuote(bytes, { trailing: 'allow-zero' }));
  if (quote.teeType !== 'sgx') {
    throw new EvidenceError('EVIDENCE_NOT_SGX', 'the quote is of no SGX enclave', {
      field: 'teeType',
    });
  }
  return { quote, ...(customClaims && { customClaims }) };
}

/** Open Enclave binds claims by their SHA-256, then zeros. @throws EvidenceError EVIDENCE_CUSTOM_CLAIMS_MISMATCH */
export function requireBoundClaims({ quote, customClaims }: UnverifiedEvidence): void {
  if (customClaims === undefined) return;
  const expected = new Uint8Array(quote.body.reportData.length);
  expected.set(sha256(customClaims));
  if (equal(quote.body.reportData, expected)) return;
  throw new EvidenceError(
    'EVIDENCE_CUSTOM_CLAIMS_MISMATCH',
    'the report data is not the digest of the claims',
    { field: 'reportData' },
  );
}

function malformedUnless<T>(work: () => T): T {
  try {
    return work();
  } catch (cause) {
    throw new EvidenceError('EVIDENCE_MALFORMED', 'no quote can be read from the evidence', {
      field: 'evidence',
      cause,
    });
  }
}
