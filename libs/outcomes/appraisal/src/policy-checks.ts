import type { Check } from '@touchstone/decision';
import type { Claim, ConditionTrace, PolicyVerdict, RuleTrace } from '@touchstone/policy';

const MAX_SOURCE_CHARACTERS = 300;

/**
 * The rules of a policy as checks. On a refusal the rules that decided it are `failed`: every `deny` that
 * fired, or, when nothing permitted, every `permit` that did not fire, with the claim that came nearest.
 */
export function policyChecks(
  trace: readonly RuleTrace[],
  verdict: PolicyVerdict,
): readonly Check[] {
  const checks = trace.map((rule) => ruleCheck(rule, verdict));
  if (verdict === 'no-permit' && !checks.some(({ result }) => result === 'failed')) {
    return [
      ...checks,
      { name: 'policy-permit', result: 'failed', expected: 'a rule that permits', read: 'none' },
    ];
  }
  return checks;
}

/** The rules that ran before an evaluation error, and the one that caused it. */
export function failedPolicyChecks(
  trace: readonly RuleTrace[],
  code: string,
  detail: string,
): readonly Check[] {
  const checks = trace.map((rule): Check => ({ ...details(rule), result: 'noted' }));
  const last = checks.at(-1);
  if (!last) return [{ name: 'policy', result: 'failed', code, detail }];
  return [
    ...checks.slice(0, -1),
    { ...last, result: 'failed', code, detail: `${detail}: ${last.detail ?? ''}` },
  ];
}

const REFUSED = { result: 'failed', code: 'POLICY_REFUSED' } as const;

/** A rule that denies does so by what it found: the claims that met its conditions, where none should have. */
function denial({ conditions }: RuleTrace): Pick<Check, 'read' | 'expected'> {
  const claims = conditions.flatMap((condition) => condition.claims).map(claimText);
  const sources = conditions.map(({ source }) => source).join(' && ');
  if (sources === '') return { read: 'a rule without conditions', expected: 'no such rule' };
  return {
    read: cut(claims.length > 0 ? claims.join(', ') : 'no such claim'),
    expected: cut(`not ${sources}`),
  };
}

function ruleCheck(rule: RuleTrace, verdict: PolicyVerdict): Check {
  if (rule.section === 'authorizationrules') {
    const denies = verdict === 'deny' && rule.action === 'deny' && rule.fired;
    const withholds = verdict === 'no-permit' && rule.action === 'permit' && !rule.fired;
    if (denies) return { ...details(rule), ...denial(rule), ...REFUSED };
    if (withholds) return { ...details(rule), ...REFUSED };
  }
  return { ...details(rule), result: rule.fired && rule.action !== 'deny' ? 'passed' : 'noted' };
}

function details(rule: RuleTrace): Omit<Check, 'result'> {
  const name = `policy-${rule.section.replace('rules', '')}-rule-${rule.index}`;
  const failed = rule.conditions.find(({ held }) => !held);
  const made = rule.made.map(claimText).join(', ');
  return {
    name,
    detail: cut(`line ${rule.line}: ${rule.source}`),
    ...(failed && {
      expected: cut(failed.nearest?.failed ?? failed.source),
      read: cut(nearestText(failed)),
    }),
    ...(made !== '' && { read: cut(made) }),
  };
}

/** What stands in the way of a condition: the claim that came nearest, or the one that should not be there. */
function nearestText({ nearest, claims }: ConditionTrace): string {
  const claim = nearest?.claim ?? claims[0];
  return claim ? claimText(claim) : 'no such claim';
}

const claimText = ({ type, value, issuer }: Claim): string =>
  `${type}=${String(value)} (${issuer})`;

const cut = (text: string): string =>
  text.length > MAX_SOURCE_CHARACTERS ? `${text.slice(0, MAX_SOURCE_CHARACTERS)}…` : text;
