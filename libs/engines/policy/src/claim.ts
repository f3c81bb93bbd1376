import { JsonDocument } from './json-document';

/** A `bigint` only where a number would not be exact: policies count in 64 bits. */
export type PlainValue = string | number | bigint | boolean;
export type ClaimValue = PlainValue | JsonDocument;
export type ValueType = 'String' | 'Integer' | 'Boolean' | 'JSON';

/** Who a claim comes from. Rules may test it, so that a client's word does not pass for the service's. */
export const ClaimIssuer = {
  service: 'AttestationService',
  policy: 'AttestationPolicy',
  client: 'CustomClaim',
} as const;

export interface Claim {
  readonly type: string;
  readonly value: ClaimValue;
  readonly valueType: ValueType;
  readonly issuer: string;
  /** The value may be looked at, but not issued. */
  readonly readOnly?: boolean;
}

/** Claims of the service whose values never reach a token. */
const READ_ONLY_TYPES: ReadonlySet<string> = new Set(['pcrs']);

export function valueTypeOf(value: ClaimValue): ValueType {
  if (typeof value === 'string') return 'String';
  if (typeof value === 'object') return 'JSON';
  return typeof value === 'boolean' ? 'Boolean' : 'Integer';
}

/** A claim made by the service. */
export const serviceClaim = (type: string, value: ClaimValue): Claim =>
  claimOf(type, value, ClaimIssuer.service);

/** A claim made by whoever is named. */
export const claimOf = (type: string, value: ClaimValue, issuer: string): Claim => ({
  type,
  value,
  valueType: valueTypeOf(value),
  issuer,
});

/** As a policy sees a claim that was handed in. */
export function incomingClaim(claim: Claim): Claim {
  const readOnly = claim.issuer === ClaimIssuer.service && READ_ONLY_TYPES.has(claim.type);
  return readOnly ? { ...claim, readOnly } : claim;
}

/** Equal for values that are equal: of one type, and a number and a bigint may stand for the same integer. */
export const valueKey = (value: ClaimValue): string => `${valueTypeOf(value)} ${String(value)}`;

/** Equal for claims of which a set keeps one. */
export function claimKey({ type, issuer, value, readOnly = false }: Claim): string {
  // The lengths in front say where each text ends, so that no text can pass for the next one's beginning.
  return `${type.length} ${issuer.length} ${readOnly} ${type}${issuer}${valueKey(value)}`;
}

/** Claims by name, as a token has them; several of one name become an array in their order, JSON its text. */
export function claimsByType(
  claims: readonly Claim[],
): Record<string, PlainValue | readonly PlainValue[]> {
  const byType = new Map<string, PlainValue[]>();
  for (const { type, value } of claims) {
    const values = byType.get(type);
    if (values) values.push(plainValue(value));
    else byType.set(type, [plainValue(value)]);
  }
  return Object.fromEntries(
    [...byType].map(([type, values]) => [type, values.length === 1 ? (values[0] ?? '') : values]),
  );
}

export const plainValue = (value: ClaimValue): PlainValue =>
  value instanceof JsonDocument ? value.text : value;
