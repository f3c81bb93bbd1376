import type { Policy, Rule, SectionName } from './ast';
import { incomingClaim, plainValue, type Claim, type PlainValue } from './claim';
import { ClaimSet } from './claim-set';
import { evaluateConditions } from './conditions';
import { languageVersion } from './language-version';
import { makeClaims } from './make-claims';
import { PolicyEvaluationError } from './policy-error';
import { StepCounter } from './step-counter';
import type { RuleTrace } from './trace';

export type PolicyProperties = Readonly<Record<string, PlainValue>>;

/** `no-permit` and `deny` are refusals: the first because no rule permitted, the second because one denied. */
export type PolicyVerdict = 'permit' | 'deny' | 'no-permit';

export interface PolicyOutcome {
  readonly permitted: boolean;
  readonly verdict: PolicyVerdict;
  /** Claims for the token, in order of issue; empty unless permitted. */
  readonly outgoing: readonly Claim[];
  /** Properties that configuration rules and issuance rules set; of one name, the last. */
  readonly properties: PolicyProperties;
  /** Every rule that was looked at, in order. */
  readonly trace: readonly RuleTrace[];
}

interface Run {
  readonly steps: StepCounter;
  readonly incoming: ClaimSet;
  readonly outgoing: ClaimSet;
  readonly properties: Map<string, PlainValue>;
  readonly trace: RuleTrace[];
}

/**
 * Carries a policy out: configuration, authorization, and, if that permits, issuance. All authorization
 * rules run; one fired `deny` outweighs every `permit`.
 *
 * @throws PolicyEvaluationError when types do not fit or a limit is passed
 */
export function evaluatePolicy(policy: Policy, claims: Iterable<Claim>): PolicyOutcome {
  const configuration = startRun([]);
  runSection('configurationrules', policy, configuration);
  const run: Run = { ...startRun(incoming(policy, claims)), ...pick(configuration) };
  runSection('authorizationrules', policy, run);
  const verdict = verdictOf(run.trace);
  if (verdict === 'permit') runSection('issuancerules', policy, run);
  return {
    permitted: verdict === 'permit',
    verdict,
    outgoing: run.outgoing.all(),
    properties: Object.fromEntries(run.properties),
    trace: run.trace,
  };
}

/** The properties that configuration rules set: they are known before there is evidence, and see no claims. */
export function evaluateConfiguration(policy: Policy): PolicyProperties {
  const run = startRun([]);
  runSection('configurationrules', policy, run);
  return Object.fromEntries(run.properties);
}

function startRun(claims: Iterable<Claim>): Run {
  return {
    steps: new StepCounter(),
    incoming: new ClaimSet(claims),
    outgoing: new ClaimSet(),
    properties: new Map(),
    trace: [],
  };
}

/** What a policy sees: versions before JSON claims do not see those. */
function incoming({ version }: Policy, claims: Iterable<Claim>): readonly Claim[] {
  const seen = [...claims].map(incomingClaim);
  if (languageVersion(version)?.features.has('JSON claims')) return seen;
  return seen.filter(({ valueType }) => valueType !== 'JSON');
}

const pick = ({ steps, properties, trace }: Run): Pick<Run, 'steps' | 'properties' | 'trace'> => ({
  steps,
  properties,
  trace,
});

function runSection(section: SectionName, policy: Policy, run: Run): void {
  for (const [index, rule] of policy.sections[section].entries()) {
    try {
      run.trace.push(runRule(section, index + 1, rule, run));
    } catch (error) {
      if (error instanceof PolicyEvaluationError) {
        error.trace = [...run.trace, ruleTrace(section, index + 1, rule)];
      }
      throw error;
    }
  }
}

function runRule(section: SectionName, index: number, rule: Rule, run: Run): RuleTrace {
  const { held, bindings, trace } = evaluateConditions(rule, run.incoming, run.steps);
  const { action } = rule;
  const made =
    held && 'template' in action ? makeClaims(action, { bindings, steps: run.steps }) : [];
  for (const claim of made) {
    if (action.kind === 'issueproperty') run.properties.set(claim.type, plainValue(claim.value));
    else run.incoming.add(claim);
    if (action.kind === 'issue') run.outgoing.add(claim);
  }
  return { ...ruleTrace(section, index, rule), fired: held, conditions: trace, made };
}

function ruleTrace(section: SectionName, index: number, rule: Rule): RuleTrace {
  return {
    section,
    index,
    line: rule.position.line,
    source: rule.source,
    fired: false,
    action: rule.action.kind,
    conditions: [],
    made: [],
  };
}

function verdictOf(trace: readonly RuleTrace[]): PolicyVerdict {
  const fired = trace.filter((rule) => rule.fired && rule.section === 'authorizationrules');
  if (fired.some((rule) => rule.action === 'deny')) return 'deny';
  return fired.some((rule) => rule.action === 'permit') ? 'permit' : 'no-permit';
}
