import { CodedError } from '@touchstone/errors';
import type { Check } from './check';

export type DecisionOutcome = 'granted' | 'refused';

/** What a service decided, and every check on the way: kept beside the wire answer, never inside it. */
export interface DecisionRecord {
  readonly requestId: string;
  readonly kind: 'attest' | 'release' | 'policy';
  readonly service: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly outcome: DecisionOutcome;
  /** The HTTP status the caller saw, and the wire error code if there was one. */
  readonly status: number;
  readonly code?: string;
  /** Name of the check that decided: the first failed one of a refusal, absent on a grant. */
  readonly decisive?: string;
  /** The trust anchor the evidence or token chained up to, such as `intel`, `simulated`, or an authority's URL. */
  readonly anchor?: string;
  /** What was judged: provider and attestation type, or vault and key, and SHA-256 of the evidence. */
  readonly subject: Readonly<Record<string, string>>;
  readonly facts: Readonly<Record<string, unknown>>;
  readonly checks: readonly Check[];
}

export class DecisionRecordError extends CodedError<'DECISION_RECORD_INVALID'> {}

/** Longer records lose their facts and the texts of their checks: a record must never be the reason to fail. */
export const MAX_DECISION_RECORD_CHARACTERS = 256 * 1024;
const MAX_KEPT_CHECKS = 1000;

export function encodeDecisionRecord(record: DecisionRecord): string {
  const whole = JSON.stringify(record);
  if (whole.length <= MAX_DECISION_RECORD_CHARACTERS) return whole;
  const checks = record.checks.map(({ name, result, code }) => ({
    name,
    result,
    ...(code && { code }),
  }));
  return JSON.stringify({
    ...record,
    facts: { truncated: true },
    checks: checks.slice(0, MAX_KEPT_CHECKS),
  });
}

export function decodeDecisionRecord(text: string): DecisionRecord {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && 'checks' in value && 'outcome' in value) {
      return value as DecisionRecord;
    }
  } catch (cause) {
    throw new DecisionRecordError('DECISION_RECORD_INVALID', 'the record is not JSON', { cause });
  }
  throw new DecisionRecordError('DECISION_RECORD_INVALID', 'the JSON is no decision record');
}
