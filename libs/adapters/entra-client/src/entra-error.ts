import { CodedError } from '@touchstone/errors';

export type EntraErrorCode =
  /** The authority answered with an error of its own; `field` is its AADSTS number. */
  | 'ENTRA_TOKEN_REFUSED'
  /** The authority answered with something that is no token or key set. */
  | 'ENTRA_ANSWER_INVALID'
  /** No `Authorization` header came. */
  | 'BEARER_MISSING'
  /** The header, or the token in it, is not well-formed. */
  | 'BEARER_MALFORMED'
  /** The token is over, or not yet valid. */
  | 'BEARER_EXPIRED'
  | 'BEARER_ISSUER'
  | 'BEARER_AUDIENCE'
  /** Signature, key or claims do not prove what they should. */
  | 'BEARER_INVALID'
  /** The authority's keys cannot be had: not the caller's fault. */
  | 'BEARER_KEYS_UNAVAILABLE';

/** What went wrong with Entra ID or with a token of its. Never carries a token or a secret. */
export class EntraError extends CodedError<EntraErrorCode> {}
