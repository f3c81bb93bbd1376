import { cmac } from '@noble/ciphers/aes.js';
import { CodedError } from '@touchstone/errors';

export const AES_KEY_BYTES = 16;

/** A key that is none of AES-128. */
export class CmacError extends CodedError<'CMAC_KEY_LENGTH'> {}

/**
 * AES-128-CMAC (RFC 4493) of `message` under a 16-byte `key`; 16 bytes.
 * Key first here, as everywhere else in this house: the library below takes the message first.
 * @throws CmacError CMAC_KEY_LENGTH
 */
export function aesCmac(key: Uint8Array, message: Uint8Array): Uint8Array {
  if (key.length !== AES_KEY_BYTES) {
    throw new CmacError('CMAC_KEY_LENGTH', `an AES-128 key is ${AES_KEY_BYTES} bytes`, {
      field: 'key',
    });
  }
  return cmac(message, key);
}
