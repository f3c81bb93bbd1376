import { isJsonObject, type JsonObject, type JsonValue } from '@touchstone/claims';
import { items, ofValues, variadic, type FunctionTable } from './function-table';

const OBJECT = [['object']] as const;

export const OBJECT_FUNCTIONS: FunctionTable = {
  keys: ofValues(OBJECT, ([object], steps) => counted(Object.keys(members(object)), steps)),
  values: ofValues(OBJECT, ([object], steps) => counted(Object.values(members(object)), steps)),
  merge: variadic(
    ofValues(OBJECT, (objects, steps) => {
      const entries = objects.flatMap((object) => Object.entries(members(object)));
      // As entries, for a member named __proto__ is a member like any other.
      return Object.fromEntries(counted(entries, steps));
    }),
  ),
  length: ofValues([['string', 'array', 'object']], ([subject = null], steps) => {
    if (typeof subject === 'string') return counted([...subject], steps).length;
    return isJsonObject(subject)
      ? counted(Object.keys(subject), steps).length
      : items(subject).length;
  }),
};

const members = (value: JsonValue | undefined): JsonObject =>
  value !== undefined && isJsonObject(value) ? value : {};

function counted<Item>(list: Item[], steps: { count(steps: number): void }): Item[] {
  steps.count(list.length);
  return list;
}
