import type { Condition, PropertyTest, Rule } from './ast';
import type { Claim, ClaimValue } from './claim';
import type { ClaimSet } from './claim-set';
import { compareValues, type Comparison } from './compare';
import { valuesOf, type Bindings } from './expressions';
import { MAX_TRACED_CLAIMS, costOfText } from './limits';
import { PolicyEvaluationError } from './policy-error';
import type { StepCounter } from './step-counter';
import type { ConditionTrace } from './trace';

export interface ConditionsOutcome {
  readonly held: boolean;
  readonly bindings: Bindings;
  readonly trace: readonly ConditionTrace[];
}

/** Conditions from left to right, up to the first that does not hold. */
export function evaluateConditions(
  rule: Rule,
  claims: ClaimSet,
  steps: StepCounter,
): ConditionsOutcome {
  const bindings = new Map<string, readonly Claim[]>();
  const trace: ConditionTrace[] = [];
  for (const condition of rule.conditions) {
    const matches = matchCondition(condition, claims, bindings, steps);
    const held = matches.matching.length > 0 !== (condition.negated ?? false);
    trace.push(conditionTrace(condition, held, matches));
    if (!held) return { held, bindings, trace };
    if (condition.binds !== undefined) bindings.set(condition.binds, matches.matching);
  }
  return { held: true, bindings, trace };
}

interface Matches {
  readonly matching: readonly Claim[];
  readonly nearest?: { readonly claim: Claim; readonly failed: string };
}

function conditionTrace(
  { source, binds, negated }: Condition,
  held: boolean,
  { matching, nearest }: Matches,
): ConditionTrace {
  return {
    source,
    held,
    ...(negated && { negated }),
    ...(binds !== undefined && { binds }),
    matched: matching.length,
    claims: matching.slice(0, MAX_TRACED_CLAIMS),
    ...(!held && nearest && { nearest }),
  };
}

function matchCondition(
  condition: Condition,
  claims: ClaimSet,
  bindings: Bindings,
  steps: StepCounter,
): Matches {
  const operands = condition.tests.map((test) =>
    valuesOf(test.operand, { bindings, steps }).map(({ value }) => value),
  );
  const cost = operands.reduce((sum, operand) => sum + costOf(operand), 0);
  const matching: Claim[] = [];
  let nearest: { claim: Claim; failed: string; passed: number } | undefined;
  for (const claim of candidates(condition, claims)) {
    steps.count(cost);
    const results = condition.tests.map((test, index) => holds(claim, test, operands[index] ?? []));
    const firstFailed = results.indexOf(false);
    if (firstFailed < 0) {
      assertComparable(condition.tests, results);
      matching.push(claim);
    } else {
      const passed = results.filter((result) => result === true).length;
      const failed = condition.tests[firstFailed]?.source ?? '';
      if (passed > (nearest?.passed ?? 0)) nearest = { claim, failed, passed };
    }
  }
  if (matching.length > 0 || !nearest) return { matching };
  return { matching, nearest: { claim: nearest.claim, failed: nearest.failed } };
}

/** Steps of one test: a comparison for each value, and at most the whole of its text. */
function costOf(operand: readonly ClaimValue[]): number {
  const comparisons = operand.map((value) =>
    typeof value === 'string' || typeof value === 'object' ? 1 + costOfText(String(value)) : 1,
  );
  return Math.max(
    1,
    comparisons.reduce((sum, steps) => sum + steps, 0),
  );
}

/** Only claims of the type that the condition asks for by a literal can satisfy it. */
function candidates(condition: Condition, claims: ClaimSet): readonly Claim[] {
  for (const { property, operator, operand } of condition.tests) {
    if (property === 'type' && operator === '==' && operand.kind === 'literal') {
      return typeof operand.value === 'string' ? claims.ofType(operand.value) : [];
    }
  }
  return claims.all();
}

/** Against a set, some element has to satisfy the test. */
function holds(claim: Claim, test: PropertyTest, operand: readonly ClaimValue[]): Comparison {
  const results = operand.map((value) => compareValues(claim[test.property], test.operator, value));
  if (results.includes(true)) return true;
  return results.includes('mismatch') ? 'mismatch' : false;
}

/** A test without meaning matters only for claims that pass all the others. */
function assertComparable(tests: readonly PropertyTest[], results: readonly Comparison[]): void {
  const index = results.indexOf('mismatch');
  if (index < 0) return;
  throw new PolicyEvaluationError(
    'POLICY_TYPE_MISMATCH',
    `the values of ${tests[index]?.source ?? 'a test'} cannot be compared`,
    { field: tests[index]?.property ?? 'value' },
  );
}
