/** Kinds of keys; those of an HSM may be exportable. */
export const KEY_TYPES = ['RSA', 'RSA-HSM', 'EC', 'EC-HSM', 'oct', 'oct-HSM'] as const;
export type KeyType = (typeof KEY_TYPES)[number];

export const CURVES = ['P-256', 'P-384', 'P-521', 'P-256K'] as const;
export type Curve = (typeof CURVES)[number];

export const KEY_OPERATIONS = [
  'encrypt',
  'decrypt',
  'sign',
  'verify',
  'wrapKey',
  'unwrapKey',
  'import',
  'export',
] as const;
export type KeyOperation = (typeof KEY_OPERATIONS)[number];

/** Published scripts spell operations in any letter case; the canonical form is kept. */
export const keyOperation = (value: string): KeyOperation | undefined =>
  KEY_OPERATIONS.find((operation) => operation.toLowerCase() === value.toLowerCase());

export const isHsmType = (type: string): boolean => type.endsWith('-HSM');

/** The same kind, held in the HSM. */
export const hsmType = (type: KeyType): KeyType =>
  isHsmType(type) ? type : (`${type}-HSM` as KeyType);
