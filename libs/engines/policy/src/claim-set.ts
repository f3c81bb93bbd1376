import { claimKey, type Claim } from './claim';
import { MAX_CLAIMS } from './limits';
import { PolicyEvaluationError } from './policy-error';

/** Claims in order of arrival, equal ones once, with a way to those of one type. */
export class ClaimSet {
  readonly #claims = new Map<string, Claim>();
  readonly #byType = new Map<string, Claim[]>();

  constructor(claims: Iterable<Claim> = []) {
    for (const claim of claims) this.add(claim);
  }

  add(claim: Claim): void {
    const key = claimKey(claim);
    if (this.#claims.has(key)) return;
    assertClaimCount(this.#claims.size + 1);
    this.#claims.set(key, claim);
    const sameType = this.#byType.get(claim.type);
    if (sameType) sameType.push(claim);
    else this.#byType.set(claim.type, [claim]);
  }

  all(): readonly Claim[] {
    return [...this.#claims.values()];
  }

  ofType(type: string): readonly Claim[] {
    return this.#byType.get(type) ?? [];
  }
}

/** @throws PolicyEvaluationError POLICY_CLAIM_LIMIT */
export function assertClaimCount(count: number): void {
  if (count <= MAX_CLAIMS) return;
  throw new PolicyEvaluationError('POLICY_CLAIM_LIMIT', `more than ${MAX_CLAIMS} claims`);
}
