import type { RelationalOperator } from './ast';
import { valueTypeOf, type ClaimValue } from './claim';

/** `mismatch`: the operator has no meaning for these two values. */
export type Comparison = boolean | 'mismatch';

/**
 * Integers know all six operators, strings, booleans and JSON equality alone; values of different types
 * are unequal and not ordered. Strings are compared unit by unit, with regard to case; JSON by its text.
 */
export function compareValues(
  left: ClaimValue,
  operator: RelationalOperator,
  right: ClaimValue,
): Comparison {
  const type = valueTypeOf(left);
  const same = type === valueTypeOf(right);
  if (operator === '==') return same && isEqual(left, right);
  if (operator === '!=') return !(same && isEqual(left, right));
  if (!same || type !== 'Integer') return 'mismatch';
  switch (operator) {
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

/** Of two values of one type; a number and a bigint may stand for the same integer. */
function isEqual(left: ClaimValue, right: ClaimValue): boolean {
  if (typeof left === 'object') return left.text === String(right);
  return left === right || (typeof left !== typeof right && !(left < right) && !(left > right));
}
