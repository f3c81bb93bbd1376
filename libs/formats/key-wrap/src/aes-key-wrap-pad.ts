import { createCipheriv, createDecipheriv } from 'node:crypto';
import { concat } from '@touchstone/bytes';
import { KeyWrapError } from './key-wrap-error';

/** The fixed half of the alternative initial value, RFC 5649 section 3; the other half is the length. */
const ALTERNATIVE_IV = Uint8Array.of(0xa6, 0x59, 0x59, 0xa6);
/** AES key wrap works on semiblocks of 64 bits. */
const SEMIBLOCK = 8;

/** A PKCS#8 RSA-4096 key has about 2,400 bytes; nothing that is wrapped here is longer than this. */
export const MAX_WRAPPED_KEY_BYTES = 16 * 1024;

const cipherName = (key: Uint8Array): 'id-aes128-wrap-pad' =>
  // The type names one of the family; OpenSSL takes the size that fits the key.
  `id-aes${key.length * 8}-wrap-pad` as 'id-aes128-wrap-pad';

/** AES key wrap with padding, RFC 5649. `key` has 16, 24 or 32 bytes. */
export function aesWrapPad(key: Uint8Array, plaintext: Uint8Array): Uint8Array {
  if (plaintext.length === 0 || plaintext.length > MAX_WRAPPED_KEY_BYTES) {
    throw new KeyWrapError('KEY_WRAP_KEY_SIZE', 'the key to wrap is empty or too long', {
      field: 'key',
    });
  }
  const cipher = createCipheriv(cipherName(key), key, ALTERNATIVE_IV);
  return concat(cipher.update(plaintext), cipher.final());
}

/** The inverse of `aesWrapPad`. KEY_WRAP_MALFORMED by length, KEY_WRAP_REFUSED when the integrity check fails. */
export function aesUnwrapPad(key: Uint8Array, wrapped: Uint8Array): Uint8Array {
  const { length } = wrapped;
  if (
    length < 2 * SEMIBLOCK ||
    length % SEMIBLOCK !== 0 ||
    length > MAX_WRAPPED_KEY_BYTES + 2 * SEMIBLOCK
  ) {
    throw new KeyWrapError('KEY_WRAP_MALFORMED', 'the wrapped key has an impossible length', {
      field: 'wrapped',
    });
  }
  try {
    const decipher = createDecipheriv(cipherName(key), key, ALTERNATIVE_IV);
    return concat(decipher.update(wrapped), decipher.final());
  } catch {
    throw new KeyWrapError('KEY_WRAP_REFUSED', 'the wrapped key does not unwrap', {
      field: 'wrapped',
    });
  }
}
