/** A `bigint` only where a number would not be exact: policies count in 64 bits. */
export type ClaimValue = string | number | bigint | boolean;
export type ValueType = 'String' | 'Integer' | 'Boolean';

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
}

export function valueTypeOf(value: ClaimValue): ValueType {
  if (typeof value === 'string') return 'String';
  return typeof value === 'boolean' ? 'Boolean' : 'Integer';
}

/** A claim made by the service. */
export function serviceClaim(type: string, value: ClaimValue): Claim {
  return { type, value, valueType: valueTypeOf(value), issuer: ClaimIssuer.service };
}

/** Equal for claims of which a set keeps one. The lengths keep apart what could read the same when joined. */
export function claimKey({ type, issuer, valueType, value }: Claim): string {
  return `${type.length}:${type}${issuer.length}:${issuer}${valueType}${String(value)}`;
}

/** Claims by name; several of one name become an array in their order. */
export function claimsByType(
  claims: readonly Claim[],
): Record<string, ClaimValue | readonly ClaimValue[]> {
  const byType = new Map<string, ClaimValue[]>();
  for (const { type, value } of claims) {
    const values = byType.get(type);
    if (values) values.push(value);
    else byType.set(type, [value]);
  }
  return Object.fromEntries(
    [...byType].map(([type, values]) => [type, values.length === 1 ? (values[0] ?? '') : values]),
  );
}
