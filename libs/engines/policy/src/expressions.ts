import type { Expression, FunctionCall } from './ast';
import type { Claim, ClaimValue } from './claim';
import { FUNCTION_PARAMETERS } from './function-names';
import { callFunction } from './functions';
import { STEPS_PER_COMBINATION } from './limits';
import type { StepCounter } from './step-counter';

/** Identifiers of a rule and the claims that each stands for. */
export type Bindings = ReadonlyMap<string, readonly Claim[]>;
/** One claim for each identifier. */
export type Choice = ReadonlyMap<string, Claim>;

export interface Value {
  readonly value: ClaimValue;
  /** It, or something that it was made of, may not be issued. */
  readonly readOnly: boolean;
}

export interface Scope {
  readonly bindings: Bindings;
  readonly steps: StepCounter;
}

/** Every value of an expression: one claim after the other for the identifiers in it. */
export function valuesOf(expression: Expression, scope: Scope): readonly Value[] {
  if (expression.kind === 'literal') return [literal(expression.value)];
  if (expression.kind === 'reference') {
    const claims = scope.bindings.get(expression.name) ?? [];
    return claims.map((claim) => property(claim, expression.property));
  }
  const values: Value[] = [];
  for (const choice of choices(namesIn([expression]), scope)) {
    values.push(...chosenValues(expression, choice, scope));
  }
  return values;
}

/** The values of an expression for one choice of claims: one, or what a function makes of it. */
export function chosenValues(
  expression: Expression,
  choice: Choice,
  scope: Scope,
): readonly Value[] {
  if (expression.kind === 'literal') return [literal(expression.value)];
  if (expression.kind === 'call') return callValues(expression, choice, scope);
  const claim = choice.get(expression.name);
  return claim ? [property(claim, expression.property)] : [];
}

/**
 * Every choice of one claim for each name, so that expressions over the same identifier go through its
 * claims together. Without names there is one choice: none.
 */
export function* choices(names: readonly string[], scope: Scope): Generator<Choice> {
  const [first, ...rest] = names;
  if (first === undefined) {
    yield new Map();
    return;
  }
  for (const claim of scope.bindings.get(first) ?? []) {
    for (const others of choices(rest, scope)) {
      scope.steps.count(STEPS_PER_COMBINATION);
      yield new Map([...others, [first, claim]]);
    }
  }
}

/** Identifiers that expressions take one claim at a time; those that a function takes as a set are not among them. */
export function namesIn(expressions: readonly (Expression | undefined)[]): readonly string[] {
  return [...new Set(expressions.flatMap(singleNames))];
}

function singleNames(expression: Expression | undefined): readonly string[] {
  if (expression === undefined || expression.kind === 'literal') return [];
  if (expression.kind === 'reference') return [expression.name];
  const kinds = FUNCTION_PARAMETERS[expression.name];
  return expression.args.flatMap((arg, index) => (kinds[index] === 'set' ? [] : singleNames(arg)));
}

function callValues(call: FunctionCall, choice: Choice, scope: Scope): readonly Value[] {
  const kinds = FUNCTION_PARAMETERS[call.name];
  let argumentLists: readonly (readonly (readonly Value[])[])[] = [[]];
  for (const [index, arg] of call.args.entries()) {
    const sets =
      kinds[index] === 'set'
        ? [valuesOf(arg, scope)]
        : chosenValues(arg, choice, scope).map((value) => [value]);
    scope.steps.count(STEPS_PER_COMBINATION * argumentLists.length * sets.length);
    argumentLists = argumentLists.flatMap((list) => sets.map((set) => [...list, set]));
  }
  return argumentLists.flatMap((args) => callFunction(call, args, scope.steps));
}

const literal = (value: ClaimValue): Value => ({ value, readOnly: false });

const property = (claim: Claim, name: 'type' | 'value' | 'valueType' | 'issuer'): Value => ({
  value: claim[name],
  readOnly: name === 'value' && (claim.readOnly ?? false),
});
