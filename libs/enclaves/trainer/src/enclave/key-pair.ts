import { generateKeyPairSync } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { fromUtf8, sha256, toBase64Url } from '@touchstone/bytes';

/** Public half as it goes into the attestation token. */
export interface EncryptionJwk {
  readonly kty: 'RSA';
  readonly kid: string;
  readonly use: 'enc';
  readonly n: string;
  readonly e: string;
}

export interface EnclaveKeyPair {
  /** Never leaves the enclave. */
  readonly privateKey: KeyObject;
  readonly jwk: EncryptionJwk;
}

const MODULUS_BITS = 2048;

/** An RSA key pair, born where this runs. Its id is the thumbprint of RFC 7638. */
export function bearKeyPair(): EnclaveKeyPair {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: MODULUS_BITS });
  const { n = '', e = '' } = publicKey.export({ format: 'jwk' });
  const kid = toBase64Url(sha256(fromUtf8(JSON.stringify({ e, kty: 'RSA', n }))));
  return { privateKey, jwk: { kty: 'RSA', kid, use: 'enc', n, e } };
}
