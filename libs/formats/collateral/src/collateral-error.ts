import { CodedError } from '@touchstone/errors';

export type CollateralErrorCode =
  | 'COLLATERAL_JSON_MALFORMED'
  | 'COLLATERAL_LIMIT_EXCEEDED'
  | 'TCB_INFO_MALFORMED'
  | 'TCB_INFO_VERSION'
  | 'TCB_INFO_DUPLICATE_LEVEL'
  | 'ENCLAVE_IDENTITY_MALFORMED'
  | 'ENCLAVE_IDENTITY_VERSION'
  | 'PCK_EXTENSION_MISSING'
  | 'PCK_EXTENSION_MALFORMED';

/** One of Intel's documents that is not what its specification says; `field` names the member at fault. */
export class CollateralError extends CodedError<CollateralErrorCode> {}
