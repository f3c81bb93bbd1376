import { constants, generateKeyPairSync, publicEncrypt, sign, verify } from 'node:crypto';
import type { Work } from './measure';

const RSA_BITS = 2048;
/** Header and body of an SGX quote; the report of a quoting enclave is a little shorter. */
const SIGNED_BYTES = 432;
/** Header and claims of an attestation token, about. */
const TOKEN_BYTES = 4096;
const AES_KEY_BYTES = 32;

export type FloorName = 'p256Verify' | 'rsaSign' | 'rsaVerify' | 'rsaEncrypt';

/**
 * What OpenSSL takes for each operation with a key that is there already: no service can be faster. P-256 verification of a
 * quote's size, RSA-2048 signature, verification and OAEP encryption.
 */
export function cryptoFloor(): Record<FloorName, Work> {
  return { p256Verify: p256Verification(), ...rsaOperations() };
}

function p256Verification(): Work {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const data = new Uint8Array(SIGNED_BYTES).fill(0xa5);
  const dsaEncoding = 'ieee-p1363';
  const signature = sign('sha256', data, { key: privateKey, dsaEncoding });
  const key = { key: publicKey, dsaEncoding } as const;
  return () => verify('sha256', data, key, signature);
}

function rsaOperations(): Record<Exclude<FloorName, 'p256Verify'>, Work> {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: RSA_BITS });
  const data = new Uint8Array(TOKEN_BYTES).fill(0xa5);
  const signature = sign('sha256', data, privateKey);
  const oaep = { key: publicKey, padding: constants.RSA_PKCS1_OAEP_PADDING } as const;
  return {
    rsaSign: () => sign('sha256', data, privateKey),
    rsaVerify: () => verify('sha256', data, publicKey, signature),
    rsaEncrypt: () => publicEncrypt(oaep, new Uint8Array(AES_KEY_BYTES)),
  };
}
