import { MAX_JSON_DEPTH, type JsonValue } from '@touchstone/claims';
import { costOfText } from './limits';
import { PolicyEvaluationError } from './policy-error';
import type { StepCounter } from './step-counter';

/**
 * Compact JSON of a value, members in their order. A value made by a query may hold one part many times
 * over, so that its text can be far longer than what it was made of: it is measured before it is written.
 *
 * @throws PolicyEvaluationError POLICY_JSON for numbers or nesting that JSON cannot have here; POLICY_STEP_LIMIT
 */
export function jsonText(value: JsonValue, steps: StepCounter): string {
  measure(value, steps, 0);
  return JSON.stringify(value);
}

function measure(value: JsonValue, steps: StepCounter, depth: number): void {
  steps.count(1);
  if (typeof value === 'string') steps.count(costOfText(value));
  if (typeof value === 'number' && !Number.isFinite(value))
    throw jsonError('a number is too large');
  if (typeof value !== 'object' || value === null) return;
  if (depth === MAX_JSON_DEPTH) throw jsonError('a value is nested too deeply');
  for (const [name, item] of Object.entries<JsonValue>(value as Record<string, JsonValue>)) {
    if (!Array.isArray(value)) steps.count(costOfText(name));
    measure(item, steps, depth + 1);
  }
}

export const jsonError = (why: string, cause?: unknown): PolicyEvaluationError =>
  new PolicyEvaluationError('POLICY_JSON', why, { field: 'json', cause });
