import { CodedError } from '@touchstone/errors';

export type PckCacheErrorCode =
  /** A request that no answer fits. */
  | 'PCK_CACHE_INVALID_PARAMETER'
  | 'PCK_CACHE_UNAUTHORIZED'
  /** Nothing is cached, and the upstream has nothing either. */
  | 'PCK_CACHE_NO_DATA'
  /** The platform is not cached, and this mode does not ask for it. */
  | 'PCK_CACHE_PLATFORM_UNKNOWN'
  /** The authority has no certificate for any TCB of the platform. */
  | 'PCK_CACHE_CERTIFICATES_UNAVAILABLE'
  /** Certificates and TCB info of a platform contradict each other. */
  | 'PCK_CACHE_INCONSISTENT'
  /** Nothing is cached, and the upstream does not give it now. */
  | 'PCK_CACHE_UPSTREAM_FAILED'
  /** This mode has no upstream. */
  | 'PCK_CACHE_OFFLINE';

export class PckCacheError extends CodedError<PckCacheErrorCode> {}
