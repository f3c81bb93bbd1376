import { CodedError, type CodedErrorOptions } from '@touchstone/errors';

export type HttpErrorCode =
  | 'HTTP_BODY_TOO_LARGE'
  | 'HTTP_BODY_ABORTED'
  | 'HTTP_BODY_NOT_UTF8'
  | 'HTTP_BODY_NOT_JSON'
  | 'HTTP_BODY_NOT_FORM'
  | 'HTTP_BODY_TOO_DEEP'
  | 'HTTP_MEDIA_TYPE'
  | 'HTTP_CONTENT_ENCODING'
  | 'HTTP_QUERY_REPEATED'
  | 'HTTP_URL_MALFORMED'
  | 'HTTP_NOT_FOUND'
  | 'HTTP_METHOD_NOT_ALLOWED'
  | 'HTTP_LISTEN_FAILED';

export interface HttpErrorOptions extends CodedErrorOptions {
  /** For HTTP_METHOD_NOT_ALLOWED: the methods that the resource has. */
  readonly allow?: readonly string[];
}

/** A request that fails before any use case is reached. */
export class HttpError extends CodedError<HttpErrorCode> {
  readonly allow: readonly string[];

  constructor(code: HttpErrorCode, message: string, options: HttpErrorOptions = {}) {
    super(code, message, options);
    this.allow = options.allow ?? [];
  }
}
