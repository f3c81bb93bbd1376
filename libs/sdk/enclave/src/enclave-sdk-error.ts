import { CodedError } from '@touchstone/errors';

export type EnclaveSdkErrorCode =
  /** More report data than the 64 bytes that a report has room for, or where none can be taken. */
  | 'REPORT_DATA_INVALID'
  /** A TARGETINFO that the processor does not take. */
  | 'TARGET_INFO_MALFORMED'
  | 'REPORT_MALFORMED'
  /** A report that this processor, at its present CPUSVN, did not make for this enclave. */
  | 'REPORT_MAC_MISMATCH'
  /** Custom claims for a format that has no room for them. */
  | 'EVIDENCE_OPTION_INVALID'
  /** A configuration whose digest is not the CONFIGID that this enclave was loaded with. */
  | 'CONFIGURATION_MISMATCH'
  | 'SEALED_DATA_TOO_LARGE'
  | 'SEALED_BLOB_MALFORMED'
  /** Sealed by another enclave, signer or processor, or changed since. */
  | 'SEALED_BLOB_TAG_MISMATCH'
  /** Sealed by a newer version of this enclave, or on a newer version of this processor. */
  | 'SEALED_BLOB_SVN_BEYOND'
  /** A cipher text that does not open under this key pair. */
  | 'CIPHER_TEXT_REFUSED';

/** What went wrong inside; the host sees the code. */
export class EnclaveSdkError extends CodedError<EnclaveSdkErrorCode> {}
