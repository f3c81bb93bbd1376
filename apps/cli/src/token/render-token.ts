import type { Check, CheckResult } from '@touchstone/decision';
import { detailOf } from '@touchstone/service-verifier';
import type { Paint } from '../paint';
import type { TokenJudgement, TokenVerdict } from './judge-token';

const MARKS: Readonly<Record<CheckResult, string>> = {
  passed: '✓',
  failed: '✗',
  noted: '·',
  skipped: '–',
};

/** The tones are those of evidence. */
const HEADLINES: Readonly<Record<TokenVerdict, readonly [text: string, tone: string]>> = {
  valid: ['VALID', 'genuine'],
  rejected: ['REJECTED', 'rejected'],
  'not-judged': ['NOT JUDGED', 'not-judged'],
};

const MAX_VALUE_CHARACTERS = 140;

/** For people: the verdict, every question, and what a valid token says. */
export function renderToken(judgement: TokenJudgement, paint: Paint): string {
  const { verdict, code, reason, issuer, checks, claims = {}, at } = judgement;
  const headline = paint(...HEADLINES[verdict]);
  const blocks = [
    [
      `${headline}${code === undefined ? '' : `  ${code}`}`,
      ...(reason === undefined ? [] : [`  ${reason}`]),
      ...(issuer === undefined ? [] : [`  issued by ${issuer}`]),
      `  judged as of ${at.toISOString()}`,
    ],
    checks.map(line),
    Object.entries(claims).map(([name, value]) => `  ${name}  ${shortened(value)}`),
  ];
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function line(check: Check): string {
  const detail = detailOf(check);
  return `  ${MARKS[check.result]} ${check.name}${detail === '' ? '' : `  ${detail}`}`;
}

function shortened(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length <= MAX_VALUE_CHARACTERS ? text : `${text.slice(0, MAX_VALUE_CHARACTERS - 1)}…`;
}
