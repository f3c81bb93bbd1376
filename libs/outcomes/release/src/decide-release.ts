import type { Check } from '@touchstone/decision';
import { compareClaim, isScalar } from './compare-claim';
import type { Comparison } from './compare-claim';
import { findClaim } from './find-claim';
import { isGroup } from './release-policy';
import type { AuthorityEntry, ClaimCondition, Condition, ConditionGroup } from './release-policy';

/** What the policy says of a token, and one check for every condition that was asked. */
export interface ReleaseDecision {
  readonly granted: boolean;
  readonly checks: readonly Check[];
  /** Name of the first failed check; absent when granted. */
  readonly decisive?: string;
}

type Claims = Readonly<Record<string, unknown>>;

/** Values longer than this are cut in a check. */
const MAX_SHOWN_CHARACTERS = 200;

/**
 * Whether verified claims meet one of the entries. Every condition is asked, also those that can decide nothing
 * any more, so that a record tells the whole story; those are `noted` rather than `failed`.
 */
export function decideRelease(claims: Claims, entries: readonly AuthorityEntry[]): ReleaseDecision {
  const verdicts = entries.map(({ group }, i) =>
    evaluateGroup(claims, group, `entry[${i}].${group.match}`),
  );
  const { met, checks } = joinAlternatives(verdicts, 'policy-entries', 'entries');
  if (met) return { granted: true, checks };
  const decisive = checks.find(({ result }) => result === 'failed')?.name;
  return { granted: false, checks, ...(decisive !== undefined && { decisive }) };
}

interface Verdict {
  readonly met: boolean;
  readonly checks: readonly Check[];
}

function evaluate(claims: Claims, condition: Condition, path: string): Verdict {
  if (isGroup(condition)) return evaluateGroup(claims, condition, `${path}.${condition.match}`);
  const claim = findClaim(claims, condition.claim);
  const comparison = compareClaim(condition, claim);
  return { met: comparison === 'met', checks: [claimCheck(condition, claim, comparison, path)] };
}

function evaluateGroup(
  claims: Claims,
  { match, conditions }: ConditionGroup,
  path: string,
): Verdict {
  const verdicts = conditions.map((each, i) => evaluate(claims, each, `${path}[${i}]`));
  if (match === 'anyOf') return joinAlternatives(verdicts, 'policy-any-of', path);
  return {
    met: verdicts.every(({ met }) => met),
    checks: verdicts.flatMap(({ checks }) => checks),
  };
}

/** One alternative speaks for itself. Of several none decides alone, so their failures are facts and the group decides. */
function joinAlternatives(verdicts: readonly Verdict[], name: string, path: string): Verdict {
  const [only] = verdicts;
  if (only !== undefined && verdicts.length === 1) return only;
  const met = verdicts.some((verdict) => verdict.met);
  const checks = verdicts.flatMap((verdict) =>
    verdict.met ? verdict.checks : verdict.checks.map(noted),
  );
  const detail = `${path}: ${verdicts.filter((verdict) => verdict.met).length} of ${verdicts.length} alternatives met`;
  return { met, checks: [...checks, { name, result: met ? 'passed' : 'failed', detail }] };
}

const noted = (check: Check): Check =>
  check.result === 'failed' ? { ...check, result: 'noted' } : check;

function claimCheck(
  condition: ClaimCondition,
  claim: unknown,
  comparison: Comparison,
  path: string,
): Check {
  const met = comparison === 'met';
  return {
    name: `claim-${shown(condition.claim)}`,
    result: met ? 'passed' : 'failed',
    read: readText(claim),
    expected: `${condition.operator} ${shown(String(condition.value))}`,
    detail: path,
    ...(!met && { code: comparison }),
  };
}

function readText(claim: unknown): string {
  if (claim === undefined || claim === null) return 'absent';
  if (isScalar(claim)) return shown(String(claim));
  return Array.isArray(claim) ? 'a list' : 'an object';
}

const shown = (text: string): string =>
  text.length <= MAX_SHOWN_CHARACTERS ? text : `${text.slice(0, MAX_SHOWN_CHARACTERS)}…`;
