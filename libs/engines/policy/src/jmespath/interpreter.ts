import { isJsonObject, type JsonValue } from '@touchstone/claims';
import type { StepCounter } from '../step-counter';
import { callFunction, type Argument } from './functions';
import type { NodeOf, QueryArgument, QueryNode } from './query';
import { queryError } from './query-error';
import { isArray, isEqual, isTrueLike, slice } from './values';

/**
 * The value of a query over a document (jmespath.org, Specification). Each node that is looked at and
 * each element that is touched counts as a step.
 *
 * @throws PolicyEvaluationError POLICY_QUERY_FAILED or POLICY_STEP_LIMIT
 */
export function evaluateQuery(query: QueryNode, value: JsonValue, steps: StepCounter): JsonValue {
  const run = (node: QueryNode, current: JsonValue): JsonValue => {
    steps.count(1);
    return evaluateNode(node, current, { run, steps });
  };
  return run(query, value);
}

interface Run {
  readonly run: (node: QueryNode, current: JsonValue) => JsonValue;
  readonly steps: StepCounter;
}

function evaluateNode(node: QueryNode, current: JsonValue, { run, steps }: Run): JsonValue {
  switch (node.kind) {
    case 'current':
      return current;
    case 'literal':
      return node.value;
    case 'field':
      return member(current, node.name);
    case 'index':
      return isArray(current) ? (current.at(node.index) ?? null) : null;
    case 'slice':
      return sliced(node, current, steps);
    case 'chain':
      return run(node.right, run(node.left, current));
    case 'or': {
      const left = run(node.left, current);
      return isTrueLike(left) ? left : run(node.right, current);
    }
    case 'and': {
      const left = run(node.left, current);
      return isTrueLike(left) ? run(node.right, current) : left;
    }
    case 'not':
      return !isTrueLike(run(node.operand, current));
    case 'comparison':
      return compare(node, run(node.left, current), run(node.right, current), steps);
    case 'elements': {
      const items = run(node.left, current);
      return isArray(items) ? project(items, node.right, run) : null;
    }
    case 'members': {
      const object = run(node.left, current);
      return isJsonObject(object) ? project(Object.values(object), node.right, run) : null;
    }
    case 'filter': {
      const items = run(node.left, current);
      if (!isArray(items)) return null;
      const kept = items.filter((item) => isTrueLike(run(node.keep, item)));
      return project(kept, node.right, run);
    }
    case 'flatten':
      return flattened(run(node.left, current), steps);
    case 'list':
      return current === null ? null : node.items.map((item) => run(item, current));
    case 'hash':
      return current === null
        ? null
        : Object.fromEntries(node.members.map(([name, item]) => [name, run(item, current)]));
    case 'call':
      return callFunction(
        node.name,
        node.args.map((argument) => evaluated(argument, current, run)),
        steps,
      );
  }
}

/** Only members of the document itself: `constructor` and its like are names like any other. */
function member(value: JsonValue, name: string): JsonValue {
  return isJsonObject(value) && Object.hasOwn(value, name) ? (value[name] ?? null) : null;
}

function sliced(node: NodeOf<'slice'>, current: JsonValue, steps: StepCounter): JsonValue {
  if (!isArray(current)) return null;
  if (node.parts[2] === 0) throw queryError('a slice cannot have a step of zero');
  steps.count(current.length);
  return slice(current, node.parts);
}

function compare(
  { comparator }: NodeOf<'comparison'>,
  left: JsonValue,
  right: JsonValue,
  steps: StepCounter,
): JsonValue {
  if (comparator === '==') return isEqual(left, right, steps);
  if (comparator === '!=') return !isEqual(left, right, steps);
  if (typeof left !== 'number' || typeof right !== 'number') return null;
  switch (comparator) {
    case '<':
      return left < right;
    case '<=':
      return left <= right;
    case '>':
      return left > right;
    case '>=':
      return left >= right;
  }
}

function project(items: readonly JsonValue[], right: QueryNode, run: Run['run']): JsonValue {
  return items.map((item) => run(right, item)).filter((value) => value !== null);
}

function flattened(value: JsonValue, steps: StepCounter): JsonValue {
  if (!isArray(value)) return null;
  steps.count(value.reduce<number>((sum, item) => sum + (isArray(item) ? item.length : 1), 0));
  return value.flat() as JsonValue[];
}

function evaluated(argument: QueryArgument, current: JsonValue, run: Run['run']): Argument {
  const { node, reference } = argument;
  return reference ? (value: JsonValue) => run(node, value) : run(node, current);
}
