import { isJsonObject, type JsonValue } from '@touchstone/claims';
import type { FunctionCall } from './ast';
import { valueKey, valueTypeOf, type ClaimValue } from './claim';
import type { Value } from './expressions';
import type { FunctionName } from './function-names';
import { evaluateQuery, parseQuery, type QueryNode } from './jmespath';
import { JsonDocument } from './json-document';
import { jsonError } from './json-text';
import { STEPS_PER_COMBINATION, costOfText } from './limits';
import { PolicyEvaluationError } from './policy-error';
import type { StepCounter } from './step-counter';

type Implementation = (
  args: readonly (readonly Value[])[],
  steps: StepCounter,
  call: FunctionCall,
) => readonly ClaimValue[];

const IMPLEMENTATIONS: Readonly<Record<FunctionName, Implementation>> = {
  JmesPath: ([json, query], steps, call) => {
    const document = documentOf(single(json, call), steps, call);
    const parsed = queryOf(text(single(query, call), call), call);
    return [JsonDocument.of(evaluateQuery(parsed, document, steps), steps)];
  },
  JsonToClaimValue: ([json], steps, call) =>
    claimValues(documentOf(single(json, call), steps, call), steps),
  IsSubsetOf: ([part = [], whole = []], steps) => {
    const known = new Set(keysOf(whole, steps));
    return [keysOf(part, steps).every((key) => known.has(key))];
  },
  AppendString: ([first, second], steps, call) => {
    const appended = text(single(first, call), call) + text(single(second, call), call);
    steps.count(costOfText(appended));
    return [appended];
  },
  NegateBool: ([value], _steps, call) => {
    const only = single(value, call);
    if (typeof only !== 'boolean') throw mismatch(call, only);
    return [!only];
  },
  ContainsOnlyValue: ([set = [], value], steps, call) => {
    const key = valueKey(single(value, call));
    return [set.length > 0 && keysOf(set, steps).every((other) => other === key)];
  },
};

/** Functions that answer a question about values; the answer is no longer the values. */
const NEVER_READ_ONLY: ReadonlySet<FunctionName> = new Set(['IsSubsetOf', 'ContainsOnlyValue']);

/** @throws PolicyEvaluationError POLICY_TYPE_MISMATCH, POLICY_JSON, POLICY_QUERY_* or POLICY_STEP_LIMIT */
export function callFunction(
  call: FunctionCall,
  args: readonly (readonly Value[])[],
  steps: StepCounter,
): readonly Value[] {
  steps.count(1);
  const readOnly =
    !NEVER_READ_ONLY.has(call.name) && args.some((set) => set.some((value) => value.readOnly));
  return IMPLEMENTATIONS[call.name](args, steps, call).map((value) => ({ value, readOnly }));
}

/** The claim values that JSON stands for: one, one for each element of an array, or none for null. */
function claimValues(json: JsonValue, steps: StepCounter): readonly ClaimValue[] {
  if (!Array.isArray(json)) return claimValue(json);
  steps.count(json.length);
  return json.flatMap((item: JsonValue) => claimValue(item));
}

function claimValue(json: JsonValue): readonly ClaimValue[] {
  if (json === null) return [];
  if (Array.isArray(json) || isJsonObject(json)) {
    throw jsonError('an object, or an array inside an array, is not the value of a claim');
  }
  if (typeof json === 'number' && !Number.isSafeInteger(json)) {
    throw jsonError('a number is not an integer, or too large to be exact');
  }
  return [json as string | number | boolean];
}

const queries = new WeakMap<FunctionCall, QueryNode>();

/** A query that is written in the policy is parsed once. */
function queryOf(query: string, call: FunctionCall): QueryNode {
  if (call.args[1]?.kind !== 'literal') return parseQuery(query);
  const known = queries.get(call);
  if (known) return known;
  const parsed = parseQuery(query);
  queries.set(call, parsed);
  return parsed;
}

/** JSON, or text that holds JSON. */
function documentOf(value: ClaimValue, steps: StepCounter, call: FunctionCall): JsonValue {
  if (value instanceof JsonDocument) return value.value;
  const json = text(value, call);
  steps.count(costOfText(json));
  return JsonDocument.parse(json).value;
}

function keysOf(set: readonly Value[], steps: StepCounter): readonly string[] {
  return set.map(({ value }) => {
    const key = valueKey(value);
    steps.count(STEPS_PER_COMBINATION + costOfText(key));
    return key;
  });
}

function single(values: readonly Value[] | undefined, call: FunctionCall): ClaimValue {
  const value = values?.[0]?.value;
  if (value === undefined) throw mismatch(call);
  return value;
}

function text(value: ClaimValue, call: FunctionCall): string {
  if (typeof value === 'string') return value;
  throw mismatch(call, value);
}

function mismatch({ name }: FunctionCall, value?: ClaimValue): PolicyEvaluationError {
  const what = value === undefined ? 'nothing' : `a value of type ${valueTypeOf(value)}`;
  return new PolicyEvaluationError('POLICY_TYPE_MISMATCH', `${name} cannot take ${what}`, {
    field: name,
  });
}
