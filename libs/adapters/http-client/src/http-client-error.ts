import { CodedError } from '@touchstone/errors';

export type HttpClientErrorCode =
  'HTTP_URL_REFUSED' | 'HTTP_UNREACHABLE' | 'HTTP_TIMEOUT' | 'HTTP_BODY_TOO_LARGE';

/** The other side could not be asked, or its answer could not be taken. `field` is the origin. */
export class HttpClientError extends CodedError<HttpClientErrorCode> {}
