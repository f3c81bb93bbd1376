import {
  type Authority,
  type Fault,
  isFault,
  withFaults,
  withPlatformRevoked,
} from '@touchstone/authority';
import type { Collateral } from '@touchstone/collateral';
import { type DocumentBreakage, brokenCollateral, isDocumentBreakage } from './document-breakages';
import type { TestPlatform } from './platform';
import { type QuoteOptions, aQuote, collateralOf } from './quote';
import { type QuoteBreakage, brokenQuote, isQuoteBreakage } from './quote-breakages';

/**
 * The one thing that is wrong: a fault of the authority, a revoked platform, a re-issued document, or a forged quote. All
 * else stays as it would be, so that a verifier refuses for the reason in the name.
 */
export type Breakage = Fault | 'pck-revoked' | DocumentBreakage | QuoteBreakage;

/** A quote and what is needed to judge it. */
export interface Evidence {
  readonly quote: Uint8Array;
  readonly collateral: Collateral;
}

export interface EvidenceOptions extends Omit<QuoteOptions, 'authority'> {
  readonly break?: Breakage;
}

/** Evidence of an enclave on the platform: sound, or with exactly one thing broken. */
export function evidenceOf(
  platform: TestPlatform,
  { break: breakage, ...options }: EvidenceOptions = {},
): Evidence {
  const authority = authorityWith(platform, breakage);
  const quote = aQuote(platform, { ...options, authority });
  const collateral = collateralOf(platform, { authority });
  if (breakage === undefined) return { quote, collateral };
  return {
    quote: isQuoteBreakage(breakage) ? brokenQuote(platform, quote, breakage) : quote,
    collateral: isDocumentBreakage(breakage)
      ? brokenCollateral(platform, collateral, breakage)
      : collateral,
  };
}

/** The sound evidence with one thing broken. */
export const breakOneThing = (platform: TestPlatform, breakage: Breakage): Evidence =>
  evidenceOf(platform, { break: breakage });

function authorityWith({ authority, fused, at }: TestPlatform, breakage?: Breakage): Authority {
  const { state } = authority;
  if (breakage === 'pck-revoked') return authority.withState(withPlatformRevoked(state, fused, at));
  if (breakage === undefined || !isFault(breakage)) return authority;
  return authority.withState(withFaults(state, [breakage], at));
}
