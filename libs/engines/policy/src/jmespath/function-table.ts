import type { JsonValue } from '@touchstone/claims';
import type { StepCounter } from '../step-counter';
import { queryError } from './query-error';
import type { JsonType } from './values';

/** What `&expression` stands for. */
export type Reference = (value: JsonValue) => JsonValue;
export type Argument = JsonValue | Reference;

/** Types that an argument may have; `numbers` and `strings` are arrays of nothing else. */
export type Parameter = readonly (JsonType | 'any' | 'reference' | 'numbers' | 'strings')[];

export interface QueryFunction {
  readonly parameters: readonly Parameter[];
  /** The last parameter may stand for any number of arguments, one at least. */
  readonly variadic?: boolean;
  /** Arguments fit the parameters. */
  call(args: readonly Argument[], steps: StepCounter): JsonValue;
}

export type FunctionTable = Readonly<Record<string, QueryFunction>>;

/** A function whose arguments are all values. */
export function ofValues(
  parameters: readonly Parameter[],
  call: (args: readonly JsonValue[], steps: StepCounter) => JsonValue,
): QueryFunction {
  return { parameters, call: (args, steps) => call(args.map(valueOf), steps) };
}

export const variadic = (called: QueryFunction): QueryFunction => ({ ...called, variadic: true });

export function valueOf(argument: Argument | undefined): JsonValue {
  if (argument === undefined || typeof argument === 'function') {
    throw queryError('an expression reference is no value');
  }
  return argument;
}

export function referenceOf(argument: Argument | undefined): Reference {
  if (typeof argument !== 'function') throw queryError('an expression reference is expected');
  return argument;
}

export const items = (value: JsonValue | undefined): readonly JsonValue[] =>
  Array.isArray(value) ? (value as readonly JsonValue[]) : [];

export const text = (value: JsonValue | undefined): string =>
  typeof value === 'string' ? value : '';

export const numeric = (value: JsonValue | undefined): number => Number(value);
