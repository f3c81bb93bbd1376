import { CodedError } from '@touchstone/errors';

/** The provisioning service, or the cache in front of it, did not give what was asked for. `field` names what that was. */
export type PcsErrorCode =
  | 'PCS_UNREACHABLE'
  | 'PCS_THROTTLED'
  | 'PCS_REFUSED'
  | 'PCS_UNAUTHORIZED'
  | 'PCS_NOT_FOUND'
  | 'PCS_NOT_AVAILABLE'
  | 'PCS_GONE'
  | 'PCS_TOO_LARGE'
  | 'PCS_BAD_ANSWER';

export class PcsError extends CodedError<PcsErrorCode> {}
