import { CodedError } from '@touchstone/errors';

export type TokenSignerErrorCode =
  /** One key is born in one enclave. */
  | 'TOKEN_SIGNER_BORN'
  /** There is no key yet. */
  | 'TOKEN_SIGNER_UNBORN';

export class TokenSignerError extends CodedError<TokenSignerErrorCode> {}
