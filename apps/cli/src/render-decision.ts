import type { Check, CheckResult, DecisionRecord } from '@touchstone/decision';

const MARKS: Readonly<Record<CheckResult, string>> = {
  passed: '✓',
  failed: '✗',
  noted: '·',
  skipped: '–',
};

const MAX_VALUE_CHARACTERS = 100;

/** A decision record as a person reads it: what was decided, about what, and each check on the way. */
export function renderDecision(record: DecisionRecord): string {
  const wire = [String(record.status), record.code].filter(Boolean).join(' ');
  const lines = [
    `${record.kind} ${record.outcome}: ${wire}`,
    `  request  ${record.requestId}`,
    `  service  ${record.service}, ${record.at}`,
    ...Object.entries(record.subject).map(([name, value]) => `  ${name.padEnd(8)} ${value}`),
    ...(record.anchor === undefined ? [] : [`  anchor   ${record.anchor}`]),
    '',
    ...record.checks.flatMap((check) => renderCheck(check, check.name === record.decisive)),
  ];
  return `${lines.join('\n')}\n`;
}

/** The one check that decided, in a line. */
export function renderDecisive(record: DecisionRecord): string {
  const check = record.checks.find(
    ({ name, result }) => name === record.decisive && result === 'failed',
  );
  if (check === undefined) return record.decisive ?? record.outcome;
  const values = [
    check.read !== undefined && `read ${shortened(check.read)}`,
    check.expected !== undefined && `expected ${shortened(check.expected)}`,
    check.read === undefined && check.expected === undefined && check.detail,
  ].filter(Boolean);
  return values.length === 0 ? check.name : `${check.name}: ${values.join(', ')}`;
}

function renderCheck(check: Check, decided: boolean): string[] {
  const notes = [check.detail, check.code, check.source].filter(Boolean).join(' · ');
  const head = `  ${MARKS[check.result]} ${check.name}${notes && `  (${notes})`}`;
  return [
    decided && check.result === 'failed' ? `${head}  ← decided` : head,
    ...(check.read === undefined ? [] : [`      read      ${shortened(check.read)}`]),
    ...(check.expected === undefined ? [] : [`      expected  ${shortened(check.expected)}`]),
  ];
}

const shortened = (text: string): string =>
  text.length <= MAX_VALUE_CHARACTERS ? text : `${text.slice(0, MAX_VALUE_CHARACTERS)}…`;
