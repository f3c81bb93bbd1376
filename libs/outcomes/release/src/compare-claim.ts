import type { ClaimCondition, Operator, Scalar } from './release-policy';

/** Why a condition is not met; `met` when it is. */
export type Comparison =
  'met' | 'CLAIM_ABSENT' | 'CLAIM_MISMATCH' | 'CLAIM_NOT_SCALAR' | 'CLAIM_NOT_COMPARABLE';

/**
 * Published policies write `"equals": "true"` for a boolean claim and `"0"` for a numeric one, so equality is of
 * string forms, case included. Order is of numbers only, whichever way either side is written.
 */
export function compareClaim({ operator, value }: ClaimCondition, claim: unknown): Comparison {
  const present = claim !== undefined && claim !== null;
  if (operator === 'exists') {
    if (present === (String(value) === 'true')) return 'met';
    return present ? 'CLAIM_MISMATCH' : 'CLAIM_ABSENT';
  }
  if (!present) return 'CLAIM_ABSENT';
  if (!isScalar(claim)) return 'CLAIM_NOT_SCALAR';
  if (operator === 'equals') return answer(String(claim) === String(value));
  if (operator === 'notEquals') return answer(String(claim) !== String(value));
  const [read, wanted] = [numeric(claim), numeric(value)];
  if (read === undefined || wanted === undefined) return 'CLAIM_NOT_COMPARABLE';
  return answer(inOrder(operator, read, wanted));
}

const answer = (met: boolean): Comparison => (met ? 'met' : 'CLAIM_MISMATCH');

function inOrder(
  operator: Exclude<Operator, 'equals' | 'notEquals' | 'exists'>,
  read: number | bigint,
  wanted: number | bigint,
): boolean {
  switch (operator) {
    case 'less':
      return read < wanted;
    case 'lessOrEquals':
      return read <= wanted;
    case 'greater':
      return read > wanted;
    case 'greaterOrEquals':
      return read >= wanted;
  }
}

export const isScalar = (value: unknown): value is Scalar =>
  typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number';

/** Whole numbers of any length are compared exactly. */
function numeric(value: Scalar): number | bigint | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value !== 'string' || value.length > MAX_NUMERAL_CHARACTERS) return undefined;
  if (/^-?\d+$/.test(value)) return BigInt(value);
  return /^-?\d+\.\d+$/.test(value) ? Number(value) : undefined;
}

const MAX_NUMERAL_CHARACTERS = 64;
