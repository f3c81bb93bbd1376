import { CodedError } from '@touchstone/errors';

export type SecretSharingErrorCode =
  | 'CONFIGURATION_INVALID'
  /** The enclave was told already whom it believes, or not yet. */
  | 'CONFIGURATION_TAKEN'
  | 'CONFIGURATION_MISSING'
  | 'REQUEST_INVALID'
  /** The key is not the one whose SHA-256 the peer's processor put into the report. */
  | 'KEY_NOT_ATTESTED'
  /** Evidence that answers no challenge of this party, or was made for another key than its own. */
  | 'EVIDENCE_REPLAYED'
  /** A key that comes without evidence. */
  | 'UNATTESTED_REFUSED'
  /** The attested key is none that this party can use. */
  | 'KEY_INVALID'
  /** There is no peer's key yet, or no shared one. */
  | 'KEY_MISSING'
  | 'FILE_UNKNOWN'
  | 'FILES_FULL'
  /** A block that was changed, left out, repeated or put elsewhere, or that is of another file. */
  | 'BLOCK_REFUSED'
  | 'BLOCK_TOO_LARGE'
  /** Stored data of another owner, under another key, or changed. */
  | 'STORED_DATA_REFUSED';

export class SecretSharingError extends CodedError<SecretSharingErrorCode> {}
