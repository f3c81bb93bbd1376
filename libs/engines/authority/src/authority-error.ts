import { CodedError } from '@touchstone/errors';

export type AuthorityErrorCode =
  | 'AUTHORITY_KEYS_MALFORMED'
  | 'AUTHORITY_STATE_MALFORMED'
  | 'AUTHORITY_MODEL_UNKNOWN'
  | 'AUTHORITY_FMSPC_UNKNOWN'
  | 'AUTHORITY_PPID_UNREADABLE'
  | 'AUTHORITY_TCB_TOO_LOW'
  | 'AUTHORITY_EVALUATION_UNKNOWN'
  | 'AUTHORITY_EVALUATION_GONE'
  | 'AUTHORITY_ENCLAVE_REFUSED';

export class AuthorityError extends CodedError<AuthorityErrorCode> {}
