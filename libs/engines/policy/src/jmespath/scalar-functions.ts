import { jsonText } from '../json-text';
import { numeric, ofValues, text, variadic, type FunctionTable } from './function-table';
import { typeOf } from './values';

const NUMBER = [['number']] as const;
const TWO_STRINGS = [['string'], ['string']] as const;

/** RFC 8259 section 6. */
const JSON_NUMBER = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?$/;

export const SCALAR_FUNCTIONS: FunctionTable = {
  abs: ofValues(NUMBER, ([number]) => Math.abs(numeric(number))),
  ceil: ofValues(NUMBER, ([number]) => Math.ceil(numeric(number))),
  floor: ofValues(NUMBER, ([number]) => Math.floor(numeric(number))),
  starts_with: ofValues(TWO_STRINGS, ([subject, prefix]) => text(subject).startsWith(text(prefix))),
  ends_with: ofValues(TWO_STRINGS, ([subject, suffix]) => text(subject).endsWith(text(suffix))),
  // Not of JMESPath. A member that an event does not have is equal to no text.
  equals_ignore_case: ofValues(
    [
      ['string', 'null'],
      ['string', 'null'],
    ],
    ([left, right]) => {
      if (typeof left !== 'string' || typeof right !== 'string') return false;
      return left.toLowerCase() === right.toLowerCase();
    },
  ),
  not_null: variadic(
    ofValues([['any']], (values) => values.find((value) => value !== null) ?? null),
  ),
  type: ofValues([['any']], ([value]) => typeOf(value ?? null)),
  to_array: ofValues([['any']], ([value = null]) => (Array.isArray(value) ? value : [value])),
  to_number: ofValues([['any']], ([value = null]) => {
    if (typeof value === 'number') return value;
    return typeof value === 'string' && JSON_NUMBER.test(value) ? Number(value) : null;
  }),
  to_string: ofValues([['any']], ([value = null], steps) =>
    typeof value === 'string' ? value : jsonText(value, steps),
  ),
};
