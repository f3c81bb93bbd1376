import { CodedError } from '@touchstone/errors';

export type EnclaveCommandErrorCode =
  /** No `enclave.json`, or no code beside it. */
  | 'ENCLAVE_FOLDER_INVALID'
  | 'ENCLAVE_BUILD_FAILED'
  /** The code needs a module that an enclave cannot load. */
  | 'ENCLAVE_IMPORT_REFUSED'
  | 'ENCLAVE_FILE_TOO_LARGE'
  | 'SIGNING_KEY_INVALID';

export class EnclaveCommandError extends CodedError<EnclaveCommandErrorCode> {}
