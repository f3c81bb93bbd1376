import type { JsonValue } from '@touchstone/claims';
import { STEPS_PER_COMBINATION, costOfText } from '../limits';
import type { StepCounter } from '../step-counter';
import { ARRAY_FUNCTIONS } from './array-functions';
import type { Argument, FunctionTable, Parameter, QueryFunction } from './function-table';
import { OBJECT_FUNCTIONS } from './object-functions';
import { queryError } from './query-error';
import { SCALAR_FUNCTIONS } from './scalar-functions';
import { isArray, typeOf } from './values';

export type { Argument } from './function-table';

/** The functions of JMESPath (jmespath.org, Built-in Functions), and `equals_ignore_case` of published policies. */
const FUNCTIONS: ReadonlyMap<string, QueryFunction> = new Map(
  [SCALAR_FUNCTIONS, ARRAY_FUNCTIONS, OBJECT_FUNCTIONS].flatMap((table: FunctionTable) =>
    Object.entries(table),
  ),
);

export const QUERY_FUNCTIONS: readonly string[] = [...FUNCTIONS.keys()].sort();

/** @throws PolicyEvaluationError POLICY_QUERY_FAILED for an unknown function or arguments that do not fit */
export function callFunction(
  name: string,
  args: readonly Argument[],
  steps: StepCounter,
): JsonValue {
  const called = FUNCTIONS.get(name);
  if (!called) throw queryError(`there is no function ${name}`);
  const { parameters, variadic = false } = called;
  if (variadic ? args.length < parameters.length : args.length !== parameters.length) {
    const count = `${variadic ? 'at least ' : ''}${parameters.length}`;
    throw queryError(`${name} takes ${count} arguments, not ${args.length}`);
  }
  for (const [index, argument] of args.entries()) {
    assertFits(
      name,
      parameters[Math.min(index, parameters.length - 1)] ?? ['any'],
      argument,
      steps,
    );
  }
  steps.count(STEPS_PER_COMBINATION);
  for (const argument of args) if (typeof argument === 'string') steps.count(costOfText(argument));
  return called.call(args, steps);
}

function assertFits(
  name: string,
  parameter: Parameter,
  argument: Argument,
  steps: StepCounter,
): void {
  if (typeof argument === 'function') {
    if (parameter.includes('reference')) return;
  } else if (parameter.some((type) => fits(argument, type, steps))) return;
  throw queryError(
    `${name} does not take ${nameOf(argument)} where it takes ${parameter.join(' or ')}`,
  );
}

function fits(value: JsonValue, type: Parameter[number], steps: StepCounter): boolean {
  if (type === 'any') return true;
  if (type !== 'numbers' && type !== 'strings') return typeOf(value) === type;
  if (!isArray(value)) return false;
  steps.count(value.length);
  return value.every((item) => typeOf(item) === (type === 'numbers' ? 'number' : 'string'));
}

const nameOf = (argument: Argument): string =>
  typeof argument === 'function' ? 'an expression reference' : `this ${typeOf(argument)}`;
