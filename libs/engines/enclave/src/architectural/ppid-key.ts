import { createPublicKey, type KeyObject } from 'node:crypto';
import { concat, fromBase64Url, sha256 } from '@touchstone/bytes';
import { EnclaveError } from '../enclave-error';

/** RSA-3072 with OAEP and SHA-256: the one crypto suite that the PCE takes. */
export const CRYPTO_SUITE_RSA_3072 = 1;

const RSA_3072_BYTES = 384;
const EXPONENT_BYTES = 4;

/** The public key that a PPID is encrypted to, as QE and PCE pass it: both numbers big-endian. */
export interface PpidEncryptionKey {
  /** 384 bytes. */
  readonly modulus: Uint8Array;
  /** 4 bytes. */
  readonly exponent: Uint8Array;
}

/** @throws EnclaveError QE_INVALID_PARAMETER unless `key` is RSA-3072 */
export function ppidEncryptionKey(key: KeyObject): PpidEncryptionKey {
  const { n, e } = key.export({ format: 'jwk' });
  const modulus = n === undefined ? new Uint8Array(0) : fromBase64Url(n);
  const exponent = e === undefined ? new Uint8Array(0) : fromBase64Url(e);
  if (modulus.length !== RSA_3072_BYTES || exponent.length > EXPONENT_BYTES) {
    throw new EnclaveError('QE_INVALID_PARAMETER', 'a PPID is encrypted to RSA-3072', {
      field: 'publicKey',
    });
  }
  return { modulus, exponent: concat(new Uint8Array(EXPONENT_BYTES - exponent.length), exponent) };
}

/** REPORTDATA by which the QE vouches for the key: SHA-256(crypto suite, modulus, exponent), then zeros. */
export const ppidKeyReportData = (key: PpidEncryptionKey): Uint8Array =>
  concat(
    sha256(Uint8Array.of(CRYPTO_SUITE_RSA_3072), key.modulus, key.exponent),
    new Uint8Array(32),
  );

/** @throws EnclaveError PCE_INVALID_PARAMETER for numbers that are no RSA-3072 key */
export function toPublicKey({ modulus, exponent }: PpidEncryptionKey): KeyObject {
  const n = Buffer.from(modulus).toString('base64url');
  const e = Buffer.from(exponent).toString('base64url');
  if (modulus.length === RSA_3072_BYTES && exponent.length === EXPONENT_BYTES) {
    const key = createPublicKey({ key: { kty: 'RSA', n, e }, format: 'jwk' });
    if (key.asymmetricKeyDetails?.modulusLength === RSA_3072_BYTES * 8) return key;
  }
  throw new EnclaveError('PCE_INVALID_PARAMETER', 'not an RSA-3072 key', { field: 'publicKey' });
}
