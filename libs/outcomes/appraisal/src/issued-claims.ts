import { DeprecatedSgxClaim, REGISTERED_CLAIMS, TokenClaim } from '@touchstone/claims';
import { claimsByType, type Claim } from '@touchstone/policy';

const SERVICE_PREFIX = 'x-ms-';
const DEPRECATED: ReadonlySet<string> = new Set(Object.values(DeprecatedSgxClaim));

/**
 * What a policy issued, as it stands in a token: all of it inside `x-ms-policy`, and at top level what
 * cannot be taken for the service's own word. A relying party that reads `x-ms-runtime` must be able to
 * know that no policy wrote it.
 */
export function issuedClaims(outgoing: readonly Claim[]): Readonly<Record<string, unknown>> {
  if (outgoing.length === 0) return {};
  return { ...promotedClaims(outgoing), [TokenClaim.policy]: claimsByType(outgoing) };
}

/** Those of them that stand at top level. */
export function promotedClaims(outgoing: readonly Claim[]): Readonly<Record<string, unknown>> {
  const promoted = Object.entries(claimsByType(outgoing)).filter(([name]) => !isServiceName(name));
  return Object.fromEntries(promoted);
}

function isServiceName(name: string): boolean {
  return name.startsWith(SERVICE_PREFIX) || REGISTERED_CLAIMS.has(name) || DEPRECATED.has(name);
}
