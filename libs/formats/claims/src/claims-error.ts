import { CodedError } from '@touchstone/errors';

export type ClaimsErrorCode =
  | 'CLAIMS_JSON_MALFORMED'
  | 'CLAIMS_JSON_NOT_AN_OBJECT'
  | 'CLAIMS_JSON_DUPLICATE_MEMBER'
  | 'CLAIMS_JSON_TOO_DEEP'
  | 'CLAIMS_NOT_JSON';

/** Claims or held data that cannot be read in exactly one way; `field` names the input. */
export class ClaimsError extends CodedError<ClaimsErrorCode> {}
