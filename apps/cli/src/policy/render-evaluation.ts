import { canonicalJson } from '@touchstone/claims';
import type { Claim, ConditionTrace, PlainValue, RuleTrace } from '@touchstone/policy';
import type { Evaluation } from './evaluation';
import type { PolicyFile } from './policy-file';

const MAX_VALUE_CHARACTERS = 100;

const VERDICTS: Readonly<Record<Evaluation['verdict'], string>> = {
  permit: 'permitted',
  deny: 'denied: a rule denied',
  'no-permit': 'denied: no rule permitted',
  error: 'denied: the policy cannot be carried out',
};

/** An evaluation as a person reads it: the verdict, then rule by rule what was asked, found and done. */
export function renderEvaluation({ file, hash }: PolicyFile, evaluation: Evaluation): string {
  const { verdict, error, trace, outgoing, properties } = evaluation;
  const sections = [...new Set(trace.map(({ section }) => section))];
  const lines = [
    `${file}: ${VERDICTS[verdict]}`,
    `  policy hash  ${hash}`,
    ...(error ? [`  ${error.code}  ${error.message}`] : []),
    ...sections.flatMap((section) => [
      '',
      section,
      ...trace
        .filter((rule) => rule.section === section)
        .flatMap((rule) => ruleLines(rule, evaluation)),
    ]),
    ...valueLines('issued', outgoing),
    ...valueLines('properties', properties),
  ];
  return `${lines.join('\n')}\n`;
}

function ruleLines(rule: RuleTrace, { error, trace }: Evaluation): readonly string[] {
  const broke = error !== undefined && rule === trace.at(-1);
  const mark = broke ? '!' : !rule.fired ? '–' : rule.action === 'deny' ? '✗' : '✓';
  return [
    `  ${mark} ${rule.index}  line ${rule.line}: ${oneLine(rule.source)}`,
    ...rule.conditions.flatMap(conditionLines),
    ...rule.made.map((claim) => `      ${rule.action} ${claimText(claim)}`),
  ];
}

function conditionLines(condition: ConditionTrace): readonly string[] {
  const { held, negated, binds, matched, claims, nearest, source } = condition;
  if (held) {
    const more = matched > claims.length ? [`        … ${matched - claims.length} more`] : [];
    if (binds === undefined) return [];
    return [...claims.map((claim) => `      ${binds}: ${claimText(claim)}`), ...more];
  }
  if (negated) {
    return [
      `      failed   ${oneLine(source)}`,
      ...claims.map((claim) => `      present  ${claimText(claim)}`),
    ];
  }
  return [
    `      failed   ${oneLine(source)}`,
    nearest
      ? `      nearest  ${claimText(nearest.claim)}, which fails ${nearest.failed}`
      : '      nearest  no such claim',
  ];
}

function valueLines(
  title: string,
  values: Readonly<Record<string, PlainValue | readonly PlainValue[]>>,
): readonly string[] {
  const entries = Object.entries(values);
  if (entries.length === 0) return [];
  return ['', title, ...entries.map(([name, value]) => `  ${name} = ${canonicalJson(value)}`)];
}

export const claimText = ({ type, value, issuer, readOnly }: Claim): string =>
  `${type} = ${shortened(valueText(value))} (${issuer}${readOnly ? ', read-only' : ''})`;

const valueText = (value: Claim['value']): string =>
  typeof value === 'string' ? JSON.stringify(value) : String(value);

const oneLine = (source: string): string => source.replaceAll(/\s*[\r\n]\s*/g, ' ');

const shortened = (text: string): string =>
  text.length <= MAX_VALUE_CHARACTERS ? text : `${text.slice(0, MAX_VALUE_CHARACTERS)}…`;
