import { CodedError } from '@touchstone/errors';

export type VaultServerErrorCode =
  /** No vault answers to the host name of the request. */
  | 'VAULT_UNKNOWN'
  /** A documented operation that this vault does not carry out. */
  | 'VAULT_OPERATION_UNSUPPORTED';

export class VaultServerError extends CodedError<VaultServerErrorCode> {}
