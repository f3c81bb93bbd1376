import { constants, privateDecrypt, publicEncrypt } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { concat } from '@touchstone/bytes';
import type { Random } from '@touchstone/ports';
import { aesUnwrapPad, aesWrapPad } from './aes-key-wrap-pad';
import { oaepHash } from './algorithm';
import type { KeyWrapAlgorithm } from './algorithm';
import { KeyWrapError } from './key-wrap-error';

/** Sizes of RSA keys that wrap, in bits. */
export const MIN_KEK_BITS = 2048;
export const MAX_KEK_BITS = 4096;
const AES_KEY_BYTES = 32;

export interface WrapKeyInput {
  readonly algorithm: KeyWrapAlgorithm;
  /** RSA public key. */
  readonly kek: KeyObject;
  /** The key to wrap: PKCS#8 DER of an RSA or EC key, or the octets of a symmetric one. */
  readonly key: Uint8Array;
  /** Gives the one-time AES key. */
  readonly random: Random;
}

export interface UnwrapKeyInput {
  readonly algorithm: KeyWrapAlgorithm;
  /** RSA private key. */
  readonly privateKey: KeyObject;
  readonly wrapped: Uint8Array;
}

/**
 * RSA-OAEP(KEK, one-time AES-256 key) ‖ AES-256-KWP(AES key, key): PKCS#11 section CKM_RSA_AES_KEY_WRAP with
 * RFC 5649. The first part is as long as the modulus. KEY_WRAP_KEK, KEY_WRAP_KEY_SIZE, KEY_WRAP_ALGORITHM.
 */
export function wrapKey({ algorithm, kek, key, random }: WrapKeyInput): Uint8Array {
  const padding = oaep(algorithm);
  kekBytes(kek, 'public');
  const aesKey = random.bytes(AES_KEY_BYTES);
  try {
    return concat(publicEncrypt({ key: kek, ...padding }, aesKey), aesWrapPad(aesKey, key));
  } finally {
    aesKey.fill(0);
  }
}

/** The inverse of `wrapKey`. Which of the two parts did not fit is not told: the caller may be who changed it. */
export function unwrapKey({ algorithm, privateKey, wrapped }: UnwrapKeyInput): Uint8Array {
  const padding = oaep(algorithm);
  const size = kekBytes(privateKey, 'private');
  if (wrapped.length <= size) {
    throw new KeyWrapError('KEY_WRAP_MALFORMED', 'the wrapped key is too short', {
      field: 'wrapped',
    });
  }
  const aesKey = decryptAesKey(privateKey, padding, wrapped.subarray(0, size));
  try {
    return aesUnwrapPad(aesKey, wrapped.subarray(size));
  } finally {
    aesKey.fill(0);
  }
}

const oaep = (algorithm: KeyWrapAlgorithm) => ({
  padding: constants.RSA_PKCS1_OAEP_PADDING,
  oaepHash: oaepHash(algorithm),
});

function decryptAesKey(
  key: KeyObject,
  padding: ReturnType<typeof oaep>,
  sealed: Uint8Array,
): Uint8Array {
  const refused = new KeyWrapError('KEY_WRAP_REFUSED', 'the wrapped key does not unwrap', {
    field: 'wrapped',
  });
  let aesKey: Uint8Array;
  try {
    aesKey = privateDecrypt({ key, ...padding }, sealed);
  } catch {
    throw refused;
  }
  if (aesKey.length !== AES_KEY_BYTES) throw refused;
  return aesKey;
}

/** Length of the modulus in bytes, for a key that can be trusted to hide what it encrypts. */
function kekBytes(key: KeyObject, type: 'public' | 'private'): number {
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  const exponent = key.asymmetricKeyDetails?.publicExponent ?? 0n;
  const usable =
    key.type === type &&
    key.asymmetricKeyType === 'rsa' &&
    bits >= MIN_KEK_BITS &&
    bits <= MAX_KEK_BITS &&
    bits % 8 === 0 &&
    // An exponent of one would send the AES key in the clear.
    exponent >= 3n &&
    exponent % 2n === 1n;
  if (!usable) {
    throw new KeyWrapError(
      'KEY_WRAP_KEK',
      `the key-encryption key is not a usable RSA ${type} key`,
      { field: 'kek' },
    );
  }
  return bits / 8;
}
