import { CodedError } from '@touchstone/errors';

export type KeyReleaseErrorCode =
  /** More of a caller's nonce than there is room for. */
  | 'KEY_EVIDENCE_NONCE'
  /** The key vault's answer is not the signed document that a release gives. */
  | 'KEY_RELEASE_MALFORMED'
  /** The key vault's answer is signed by nobody, or answers another request. */
  | 'KEY_RELEASE_REFUSED'
  /** What was released is no 256-bit symmetric key. */
  | 'RELEASED_KEY_UNSUITABLE';

export class KeyReleaseError extends CodedError<KeyReleaseErrorCode> {}
