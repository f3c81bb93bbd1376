import { canonicalJson } from '@touchstone/claims';
import { JsonDocument, type Claim, type ConditionTrace, type RuleTrace } from '@touchstone/policy';
import type { Evaluation } from './evaluation';
import type { PolicyFile } from './policy-file';

/** An evaluation as one JSON document, claims with JSON values as the documents that they are. */
export function evaluationJson(
  policy: PolicyFile,
  claims: readonly Claim[],
  evaluation: Evaluation,
): string {
  return canonicalJson({
    policy: { file: policy.file, hash: policy.hash },
    ...outcome(evaluation),
    claims: claims.map(shownClaim),
    trace: evaluation.trace.map(shownRule),
  });
}

export function outcome({ verdict, outgoing, properties, error }: Evaluation) {
  return {
    verdict,
    permitted: verdict === 'permit',
    outgoing,
    properties,
    ...(error && { error }),
  };
}

const shownRule = (rule: RuleTrace) => ({
  ...rule,
  conditions: rule.conditions.map(shownCondition),
  made: rule.made.map(shownClaim),
});

const shownCondition = ({ claims, nearest, ...condition }: ConditionTrace) => ({
  ...condition,
  claims: claims.map(shownClaim),
  ...(nearest && { nearest: { ...nearest, claim: shownClaim(nearest.claim) } }),
});

const shownClaim = (claim: Claim) => ({
  ...claim,
  value: claim.value instanceof JsonDocument ? claim.value.value : claim.value,
});
