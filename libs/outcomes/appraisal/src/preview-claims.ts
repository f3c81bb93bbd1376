import { toBase64Url } from '@touchstone/bytes';
import { DeprecatedSgxClaim, type HeldData } from '@touchstone/claims';
import type { VerifiedQuote } from '@touchstone/verification';
import { collateralClaim } from './collateral-claim';

/** Prefixes of the service's own claims: those of the guide of March 2020, and of the samples two months later. */
const PREFIXES = ['aas', 'maa'] as const;
const POLICY_HASH = { aas: 'aas-policyhash', maa: 'maa-policyHash' } as const;
const HELD_DATA = {
  aas: DeprecatedSgxClaim.aasHeldData,
  maa: DeprecatedSgxClaim.maaHeldData,
} as const;

export interface PreviewClaimsInput {
  readonly verified: VerifiedQuote;
  /** What the policy issued, as it stands at top level. */
  readonly issued: Readonly<Record<string, unknown>>;
  /** SHA-256 of the quote without what wraps it; lower-case hex. */
  readonly quoteDigest: string;
  /** SHA-256 of the policy's document, lower-case hex. */
  readonly policyDigest: string;
  readonly runtimeData?: HeldData;
}

/** Body of a token of 2018-09-01-preview without what its issuer adds: no `x-ms-*`, and the service's words twice. */
export function previewClaims(input: PreviewClaimsInput): Readonly<Record<string, unknown>> {
  const { issued, runtimeData, policyDigest } = input;
  const collateral = collateralClaim(input.quoteDigest, input.verified.collateral.digests);
  const own = PREFIXES.flatMap((prefix) => [
    [POLICY_HASH[prefix], policyDigest],
    [`${prefix}-attestationcollateral`, prefixed(prefix, collateral)],
    ...(runtimeData ? [[HELD_DATA[prefix], toBase64Url(runtimeData.bytes)]] : []),
  ]);
  return { ...issued, ...(Object.fromEntries(own) as Record<string, unknown>) };
}

const prefixed = (prefix: string, members: Readonly<Record<string, string>>): object =>
  Object.fromEntries(Object.entries(members).map(([name, value]) => [`${prefix}-${name}`, value]));
