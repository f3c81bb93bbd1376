import type { Condition, Expression, PropertyTest, Rule } from './ast';
import type { Claim, ClaimValue } from './claim';
import type { ClaimSet } from './claim-set';
import { compareValues, type Comparison } from './compare';
import { PolicyEvaluationError } from './policy-error';
import type { StepCounter } from './step-counter';
import type { ConditionTrace } from './trace';

/** Identifiers of a rule and the claims that each stands for. */
export type Bindings = ReadonlyMap<string, readonly Claim[]>;

export interface ConditionsOutcome {
  readonly held: boolean;
  readonly bindings: Bindings;
  readonly trace: readonly ConditionTrace[];
}

/** Conditions from left to right, up to the first that no claim satisfies. */
export function evaluateConditions(
  rule: Rule,
  claims: ClaimSet,
  steps: StepCounter,
): ConditionsOutcome {
  const bindings = new Map<string, readonly Claim[]>();
  const trace: ConditionTrace[] = [];
  for (const condition of rule.conditions) {
    const { matching, nearest } = matchCondition(condition, claims, bindings, steps);
    const { source } = condition;
    trace.push({ source, matched: matching.length, ...(nearest && { nearest }) });
    if (matching.length === 0) return { held: false, bindings, trace };
    if (condition.binds !== undefined) bindings.set(condition.binds, matching);
  }
  return { held: true, bindings, trace };
}

/** The values of an expression; of a reference, one for each bound claim. */
export function valuesOf(expression: Expression, bindings: Bindings): readonly ClaimValue[] {
  if (expression.kind === 'literal') return [expression.value];
  const claims = bindings.get(expression.name) ?? [];
  return claims.map((claim) => claim[expression.property]);
}

interface Matches {
  readonly matching: readonly Claim[];
  readonly nearest?: { readonly claim: Claim; readonly failed: string };
}

function matchCondition(
  condition: Condition,
  claims: ClaimSet,
  bindings: Bindings,
  steps: StepCounter,
): Matches {
  const operands = condition.tests.map((test) => valuesOf(test.operand, bindings));
  const cost = operands.reduce((sum, operand) => sum + Math.max(1, operand.length), 0);
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
