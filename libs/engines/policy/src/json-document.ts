import { isJsonObject, parseJson, type JsonValue } from '@touchstone/claims';
import { jsonError, jsonText } from './json-text';
import { StepCounter } from './step-counter';

/** JSON as the value of a claim (version 1.2): what a query looks into, and the text that everyone else sees. */
export class JsonDocument {
  readonly value: JsonValue;
  readonly text: string;

  private constructor(value: JsonValue, text: string) {
    this.value = value;
    this.text = text;
  }

  /** @throws PolicyEvaluationError POLICY_JSON or POLICY_STEP_LIMIT */
  static of(value: JsonValue, steps = new StepCounter()): JsonDocument {
    return new JsonDocument(value, jsonText(value, steps));
  }

  /** @throws PolicyEvaluationError POLICY_JSON when the text is not JSON with one reading */
  static parse(text: string): JsonDocument {
    try {
      return new JsonDocument(parseJson(text), text);
    } catch (cause) {
      throw jsonError('a text is not JSON', cause);
    }
  }

  toString(): string {
    return this.text;
  }
}

/** Whether JSON has more in it than a claim can say without it. */
export const isStructured = (value: JsonValue): boolean =>
  value === null || Array.isArray(value) || isJsonObject(value);
