import { fromBase64Url, sha256, toHex } from '@touchstone/bytes';
import { previewClaims, type Appraisal } from '@touchstone/appraisal';
import type { VerifiedQuote } from '@touchstone/verification';
import type { AttestCall } from './attest-call';
import { bareQuote } from './evidence';
import type { StoredPolicy } from './policy-source';

/** What a token of the preview says of evidence that was appraised. */
export const previewTokenClaims = (
  { type, evidence, runtimeData }: AttestCall,
  verified: VerifiedQuote,
  { issued }: Appraisal,
  { tokenHash }: StoredPolicy,
): Readonly<Record<string, unknown>> =>
  previewClaims({
    verified,
    issued,
    quoteDigest: toHex(sha256(bareQuote(type, evidence))),
    policyDigest: toHex(fromBase64Url(tokenHash)),
    ...(runtimeData && { runtimeData }),
  });
