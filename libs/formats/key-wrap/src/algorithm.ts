import { KeyWrapError } from './key-wrap-error';

/** The values of `enc` of a release, by PKCS#11 (CKM_RSA_AES_KEY_WRAP) and by Azure Key Vault for the SHA-2 forms. */
export const KEY_WRAP_ALGORITHMS = [
  'CKM_RSA_AES_KEY_WRAP',
  'RSA_AES_KEY_WRAP_256',
  'RSA_AES_KEY_WRAP_384',
] as const;

export type KeyWrapAlgorithm = (typeof KEY_WRAP_ALGORITHMS)[number];

export function isKeyWrapAlgorithm(value: unknown): value is KeyWrapAlgorithm {
  return (KEY_WRAP_ALGORITHMS as readonly unknown[]).includes(value);
}

/** The hash of RSA-OAEP and of its mask generation function: always the same one. */
const OAEP_HASHES: Readonly<Record<KeyWrapAlgorithm, string>> = {
  CKM_RSA_AES_KEY_WRAP: 'sha1',
  RSA_AES_KEY_WRAP_256: 'sha256',
  RSA_AES_KEY_WRAP_384: 'sha384',
};

export function oaepHash(algorithm: KeyWrapAlgorithm): string {
  // Callers without types hand in what a document said.
  if (!isKeyWrapAlgorithm(algorithm)) {
    throw new KeyWrapError('KEY_WRAP_ALGORITHM', 'no such key wrap algorithm', { field: 'enc' });
  }
  return OAEP_HASHES[algorithm];
}
