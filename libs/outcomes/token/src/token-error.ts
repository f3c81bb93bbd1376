import { CodedError } from '@touchstone/errors';

export type TokenErrorCode =
  | 'TOKEN_MALFORMED'
  | 'TOKEN_ALGORITHM'
  | 'TOKEN_UNKNOWN_KEY'
  | 'TOKEN_KEY_INVALID'
  | 'TOKEN_SIGNATURE'
  | 'TOKEN_EXPIRED'
  | 'TOKEN_NOT_YET_VALID'
  | 'TOKEN_ISSUER'
  | 'TOKEN_AUDIENCE';

/** A token or key that cannot be used; `field` names the header or claim at fault. Never carries the token. */
export class TokenError extends CodedError<TokenErrorCode> {}
