import type { JsonValue } from '@touchstone/claims';
import { costOfText } from '../limits';
import type { StepCounter } from '../step-counter';
import {
  items,
  numeric,
  ofValues,
  referenceOf,
  text,
  valueOf,
  type Argument,
  type FunctionTable,
  type QueryFunction,
} from './function-table';
import { queryError } from './query-error';
import { compareText, isEqual } from './values';

const BY = [['array'], ['reference']] as const;
const ORDERED = [['numbers', 'strings']] as const;

export const ARRAY_FUNCTIONS: FunctionTable = {
  avg: ofValues([['numbers']], ([numbers]) => {
    const { length } = items(numbers);
    return length === 0 ? null : sum(items(numbers)) / length;
  }),
  sum: ofValues([['numbers']], ([numbers]) => sum(items(numbers))),
  contains: ofValues([['array', 'string'], ['any']], ([subject, search = null], steps) => {
    if (typeof subject !== 'string') {
      return items(subject).some((item) => isEqual(item, search, steps));
    }
    return typeof search === 'string' && subject.includes(search);
  }),
  join: ofValues([['string'], ['strings']], ([glue, parts], steps) => {
    for (const part of items(parts)) steps.count(1 + costOfText(text(part) + text(glue)));
    return items(parts).join(text(glue));
  }),
  reverse: ofValues([['array', 'string']], ([subject], steps) => {
    steps.count(typeof subject === 'string' ? subject.length : items(subject).length);
    return typeof subject === 'string'
      ? [...subject].reverse().join('')
      : [...items(subject)].reverse();
  }),
  map: {
    parameters: [['reference'], ['array']],
    call: ([reference, array]) => items(valueOf(array)).map((item) => referenceOf(reference)(item)),
  },
  max: ofValues(ORDERED, ([array], steps) => greatest(keyed(items(array)), 1, steps)),
  min: ofValues(ORDERED, ([array], steps) => greatest(keyed(items(array)), -1, steps)),
  sort: ofValues(ORDERED, ([array], steps) => sorted(keyed(items(array)), steps)),
  max_by: by((entries, steps) => greatest(entries, 1, steps)),
  min_by: by((entries, steps) => greatest(entries, -1, steps)),
  sort_by: by(sorted),
};

/** An element and what it is ordered by. */
interface Entry {
  readonly item: JsonValue;
  readonly key: JsonValue;
}

const keyed = (array: readonly JsonValue[]): readonly Entry[] =>
  array.map((item) => ({ item, key: item }));

/** A function over an array whose elements are ordered by an expression: all numbers or all strings. */
function by(call: (entries: readonly Entry[], steps: StepCounter) => JsonValue): QueryFunction {
  return {
    parameters: BY,
    call: ([array, reference]: readonly Argument[], steps) => {
      const key = referenceOf(reference);
      const entries = items(valueOf(array)).map((item) => ({ item, key: key(item) }));
      const types = new Set(entries.map((entry) => typeof entry.key));
      if (types.size > 1 || (entries.length > 0 && !types.has('number') && !types.has('string'))) {
        throw queryError('what elements are ordered by is not all numbers or all strings');
      }
      return call(entries, steps);
    },
  };
}

/** Of equal ones the first; null where there is none. */
function greatest(entries: readonly Entry[], sign: 1 | -1, steps: StepCounter): JsonValue {
  let best: Entry | undefined;
  for (const entry of entries) {
    steps.count(1 + costOfText(text(entry.key)));
    if (!best || compareKeys(entry.key, best.key) * sign > 0) best = entry;
  }
  return best?.item ?? null;
}

function sorted(entries: readonly Entry[], steps: StepCounter): JsonValue {
  const rounds = Math.ceil(Math.log2(entries.length + 1));
  for (const { key } of entries) steps.count(rounds * (1 + costOfText(text(key))));
  return [...entries].sort((a, b) => compareKeys(a.key, b.key)).map(({ item }) => item);
}

function compareKeys(left: JsonValue, right: JsonValue): number {
  if (typeof left === 'string') return compareText(left, text(right));
  return numeric(left) - numeric(right);
}

const sum = (numbers: readonly JsonValue[]): number =>
  numbers.reduce<number>((total, number) => total + numeric(number), 0);
