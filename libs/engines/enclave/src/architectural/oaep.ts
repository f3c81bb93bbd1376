import { constants, publicEncrypt, type KeyObject } from 'node:crypto';
import { concat, sha256 } from '@touchstone/bytes';

const HASH_BYTES = 32;
export const OAEP_SEED_BYTES = HASH_BYTES;

/**
 * RSA-OAEP with SHA-256 for hash and MGF1 and an empty label (RFC 8017 section 7.1.1). The 32-byte seed is handed in, where the
 * operating system would draw its own, so that a seeded machine repeats byte for byte.
 */
export function encryptOaep(key: KeyObject, message: Uint8Array, seed: Uint8Array): Uint8Array {
  const blockBytes = (key.asymmetricKeyDetails?.modulusLength ?? 0) / 8;
  const padding = new Uint8Array(blockBytes - message.length - 2 * HASH_BYTES - 2);
  const data = concat(sha256(), padding, Uint8Array.of(1), message);
  const maskedData = xor(data, maskOf(seed, data.length));
  const maskedSeed = xor(seed, maskOf(maskedData, HASH_BYTES));
  const block = concat(Uint8Array.of(0), maskedSeed, maskedData);
  return new Uint8Array(publicEncrypt({ key, padding: constants.RSA_NO_PADDING }, block));
}

/** MGF1 (RFC 8017 appendix B.2.1). */
function maskOf(seed: Uint8Array, length: number): Uint8Array {
  const blocks = Array.from({ length: Math.ceil(length / HASH_BYTES) }, (_, counter) =>
    sha256(seed, Uint8Array.of(counter >>> 24, counter >>> 16, counter >>> 8, counter)),
  );
  return concat(...blocks).subarray(0, length);
}

const xor = (a: Uint8Array, b: Uint8Array): Uint8Array => a.map((byte, i) => byte ^ (b[i] ?? 0));
