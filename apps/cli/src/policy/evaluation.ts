import {
  PolicyEvaluationError,
  claimsByType,
  evaluatePolicy,
  type Claim,
  type Policy,
  type PolicyProperties,
  type PolicyVerdict,
  type RuleTrace,
} from '@touchstone/policy';

/** What a policy says of claims; `error` when it cannot say anything, which refuses too. */
export interface Evaluation {
  readonly verdict: PolicyVerdict | 'error';
  /** As `x-ms-policy` has them. */
  readonly outgoing: ReturnType<typeof claimsByType>;
  readonly properties: PolicyProperties;
  readonly trace: readonly RuleTrace[];
  readonly error?: { readonly code: string; readonly message: string };
}

export function evaluate(policy: Policy, claims: readonly Claim[]): Evaluation {
  try {
    const { verdict, outgoing, properties, trace } = evaluatePolicy(policy, claims);
    return { verdict, outgoing: claimsByType(outgoing), properties, trace };
  } catch (error) {
    if (!(error instanceof PolicyEvaluationError)) throw error;
    const { code, message, trace } = error;
    return { verdict: 'error', outgoing: {}, properties: {}, trace, error: { code, message } };
  }
}
