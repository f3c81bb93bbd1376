import type { Quote } from '@touchstone/quote';
import type { QuoteVerifier, VerifiedQuote } from '@touchstone/verification';
import type { CollateralKeeper } from './collateral-keeper';
import type { CollateralSnapshot } from './collateral-snapshot';
import type { CollateralKey } from './collateral-source';
import { asAttestationError } from './refusal';

interface Judges {
  readonly verifier: QuoteVerifier;
  readonly collateral: CollateralKeeper;
}

/**
 * Verifies with the copy of collateral that is held. A new copy that turns out not to verify goes, and the
 * one before it judges: a cache that hands out nonsense cannot stop attestation.
 *
 * @throws VerificationError, AttestationError ATTESTATION_COLLATERAL_*
 */
export async function verifyWithKept(
  { verifier, collateral }: Judges,
  quote: Quote,
  key: CollateralKey,
  at: Date,
): Promise<VerifiedQuote> {
  const verify = (snapshot: CollateralSnapshot): VerifiedQuote => {
    const verified = verifier.verify(quote, snapshot.collateral, at);
    collateral.confirm(snapshot);
    return verified;
  };
  const snapshot = await collateral.get(key);
  try {
    return verify(snapshot);
  } catch (error) {
    if (asAttestationError(error)?.code !== 'ATTESTATION_COLLATERAL_INVALID') throw error;
    const previous = collateral.reject(snapshot);
    if (!previous) throw error;
    return verify(previous);
  }
}
