import type { Quote } from '@touchstone/quote';
import type { QuoteVerifier, VerifiedQuote } from '@touchstone/verification';
import type { CollateralKeeper } from './collateral-keeper';
import type { CollateralSnapshot } from './collateral-snapshot';
import type { CollateralKey } from './collateral-source';
import type { EarlierEvaluations } from './earlier-evaluations';
import { asAttestationError } from './refusal';

interface Judges {
  readonly verifier: QuoteVerifier;
  readonly collateral: CollateralKeeper;
  readonly earlierEvaluations: EarlierEvaluations;
}

/** What is to be verified, and by what. */
export interface EvidenceToVerify {
  readonly quote: Quote;
  readonly key: CollateralKey;
  readonly at: Date;
  /** The newest evaluation of Intel's to judge by, as far as an earlier one is known. Left out: today's. */
  readonly evaluation?: number;
}

/**
 * Verifies with the copy of collateral that is held. A new copy that turns out not to verify goes, and the
 * one before it judges: a cache that hands out nonsense cannot stop attestation.
 *
 * @throws VerificationError, AttestationError ATTESTATION_COLLATERAL_*
 */
export async function verifyWithKept(
  { verifier, collateral, earlierEvaluations }: Judges,
  { quote, key, at, evaluation }: EvidenceToVerify,
): Promise<VerifiedQuote> {
  const verify = (snapshot: CollateralSnapshot): VerifiedQuote => {
    const verified = verifier.verify(quote, snapshot.collateral, at);
    collateral.confirm(snapshot);
    earlierEvaluations.learn(snapshot);
    return verified;
  };
  const snapshot = await collateral.get(key);
  const earlier = evaluation !== undefined && (await earlierEvaluations.upTo(snapshot, evaluation));
  if (earlier && earlier !== snapshot) return verifier.verify(quote, earlier.collateral, at);
  try {
    return verify(snapshot);
  } catch (error) {
    if (asAttestationError(error)?.code !== 'ATTESTATION_COLLATERAL_INVALID') throw error;
    const previous = collateral.reject(snapshot);
    if (!previous) throw error;
    return verify(previous);
  }
}
