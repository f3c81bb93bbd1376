import { CodedError } from '@touchstone/errors';

export type PcsRequestErrorCode =
  | 'PCS_INVALID_REQUEST'
  | 'PCS_SUBSCRIPTION_KEY'
  | 'PCS_PLATFORM_UNKNOWN'
  | 'PCS_UNAVAILABLE'
  | 'PCS_THROTTLED'
  | 'PCS_UNAUTHORIZED';

/** A request that the service turns down; `field` is the parameter or header at fault. */
export class PcsRequestError extends CodedError<PcsRequestErrorCode> {}

export const invalid = (field: string, why: string): PcsRequestError =>
  new PcsRequestError('PCS_INVALID_REQUEST', `${field} ${why}`, { field });
