import { cmac } from '@noble/ciphers/aes.js';
import { PlatformError } from './platform-error';

export const AES_KEY_BYTES = 16;

/**
 * AES-128-CMAC (RFC 4493) of `message` under a 16-byte `key`; 16 bytes.
 * Key first here, as everywhere else in this house: the library below takes the message first.
 */
export function aesCmac(key: Uint8Array, message: Uint8Array): Uint8Array {
  if (key.length !== AES_KEY_BYTES) {
    throw new PlatformError('SGX_GP', `an AES-128 key is ${AES_KEY_BYTES} bytes`, { field: 'key' });
  }
  return cmac(message, key);
}
