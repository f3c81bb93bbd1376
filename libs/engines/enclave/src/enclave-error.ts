import { CodedError } from '@touchstone/errors';

export type EnclaveErrorCode =
  | 'ENCLAVE_MANIFEST_INVALID'
  | 'ENCLAVE_IMAGE_TOO_LARGE'
  | 'ENCLAVE_IMAGE_MALFORMED'
  | 'ENCLAVE_NOT_ARCHITECTURAL'
  | 'QE_INVALID_REPORT'
  | 'QE_INVALID_PARAMETER'
  | 'QE_CERTIFICATION_UNSUPPORTED'
  | 'LE_SIGNER_NOT_LISTED'
  | 'LE_INVALID_ATTRIBUTE'
  | 'PCE_INVALID_REPORT'
  | 'PCE_INVALID_PRIVILEGE'
  | 'PCE_INVALID_PARAMETER';

/** An image that cannot be built or read, or a request that an architectural enclave refused. */
export class EnclaveError extends CodedError<EnclaveErrorCode> {}
