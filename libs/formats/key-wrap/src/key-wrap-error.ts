import { CodedError } from '@touchstone/errors';

export type KeyWrapErrorCode =
  /** No such wrapping algorithm. */
  | 'KEY_WRAP_ALGORITHM'
  /** The key-encryption key is not an RSA key of a usable size and exponent. */
  | 'KEY_WRAP_KEK'
  /** The key to wrap is empty or too long. */
  | 'KEY_WRAP_KEY_SIZE'
  /** The wrapped key has a length that no wrapping makes. */
  | 'KEY_WRAP_MALFORMED'
  /** The wrapped key was made for another key, or changed on the way. */
  | 'KEY_WRAP_REFUSED'
  /** The `key_hsm` document is not what its schema says. */
  | 'KEY_HSM_MALFORMED';

export class KeyWrapError extends CodedError<KeyWrapErrorCode> {}
