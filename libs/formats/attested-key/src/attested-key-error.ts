import { CodedError } from '@touchstone/errors';

export type AttestedKeyErrorCode =
  /** The extension of a certificate that should hold a quote holds none. */
  | 'ATTESTED_KEY_EXTENSION'
  /** What an enclave said at the birth of a key cannot be read. */
  | 'ATTESTED_KEY_BIRTH_MALFORMED'
  /** The key does not vouch for the enclave's end of the channel, or the quote is over another key. */
  | 'ATTESTED_KEY_BIRTH_UNBOUND'
  /** No channel leads to such a public key. */
  | 'ATTESTED_KEY_CHANNEL'
  /** The call does not come from the other end of the channel. */
  | 'ATTESTED_KEY_CALL_REFUSED';

export class AttestedKeyError extends CodedError<AttestedKeyErrorCode> {}
