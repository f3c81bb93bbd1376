import { CodedError } from '@touchstone/errors';

export type ReleaseErrorCode =
  /** More bytes than `MAX_RELEASE_POLICY_BYTES`. */
  | 'RELEASE_POLICY_TOO_LARGE'
  /** Not base64, not UTF-8 or not JSON. */
  | 'RELEASE_POLICY_MALFORMED'
  /** JSON, but no policy: `field` is the path of the member at fault. */
  | 'RELEASE_POLICY_GRAMMAR'
  | 'RELEASE_POLICY_TOO_DEEP'
  | 'RELEASE_POLICY_TOO_MANY_CONDITIONS'
  /** The token carries no RSA key that is meant for encryption. */
  | 'RELEASE_KEK_MISSING'
  /** It carries one, but it cannot be used: malformed, too short, too long, or without a `kid`. */
  | 'RELEASE_KEK_UNUSABLE';

export class ReleaseError extends CodedError<ReleaseErrorCode> {}
