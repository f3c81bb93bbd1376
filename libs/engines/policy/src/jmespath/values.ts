import { isJsonObject, type JsonObject, type JsonValue } from '@touchstone/claims';
import { costOfText } from '../limits';
import type { StepCounter } from '../step-counter';

export type JsonType = 'string' | 'number' | 'boolean' | 'null' | 'array' | 'object';

export function typeOf(value: JsonValue): JsonType {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  const type = typeof value;
  return type === 'string' || type === 'number' || type === 'boolean' ? type : 'object';
}

export const isArray = (value: JsonValue): value is readonly JsonValue[] => Array.isArray(value);

/** False-like are `false`, `null` and what is empty; zero is not. */
export function isTrueLike(value: JsonValue): boolean {
  if (value === null || value === false || value === '') return false;
  if (isArray(value)) return value.length > 0;
  return !isJsonObject(value) || hasMember(value);
}

/** Looks no further than the first, however many there are. */
function hasMember(object: JsonObject): boolean {
  for (const name in object) if (Object.hasOwn(object, name)) return true;
  return false;
}

/** Same type and content. Shared parts of a document may be walked many times over, so every value counts. */
export function isEqual(left: JsonValue, right: JsonValue, steps: StepCounter): boolean {
  steps.count(1);
  if (isArray(left)) {
    return (
      isArray(right) &&
      left.length === right.length &&
      left.every((item, index) => isEqual(item, right[index] ?? null, steps))
    );
  }
  if (isJsonObject(left)) {
    if (!isJsonObject(right)) return false;
    const names = Object.keys(left);
    return (
      names.length === Object.keys(right).length &&
      names.every(
        (name) =>
          Object.hasOwn(right, name) && isEqual(left[name] ?? null, right[name] ?? null, steps),
      )
    );
  }
  if (typeof left === 'string') steps.count(costOfText(left));
  return left === right;
}

/** By code point, which is where UTF-16's order differs. */
export function compareText(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  for (let at = 0; at < length; at += 1) {
    const [a, b] = [left.charCodeAt(at), right.charCodeAt(at)];
    if (a !== b) return rank(a) - rank(b);
  }
  return left.length - right.length;
}

/** Surrogates stand for code points above every other unit. */
const rank = (unit: number): number => (unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit);

/** What Python calls an extended slice; `step` is not zero. */
export function slice(
  items: readonly JsonValue[],
  [start, stop, step = 1]: readonly (number | undefined)[],
): JsonValue[] {
  const { length } = items;
  const [lowest, highest] = step < 0 ? [-1, length - 1] : [0, length];
  const clamp = (at: number | undefined, otherwise: number): number =>
    at === undefined ? otherwise : Math.min(highest, Math.max(lowest, at < 0 ? at + length : at));
  const from = clamp(start, step < 0 ? highest : lowest);
  const to = clamp(stop, step < 0 ? lowest : highest);
  const kept: JsonValue[] = [];
  for (let at = from; step < 0 ? at > to : at < to; at += step) kept.push(items[at] ?? null);
  return kept;
}
