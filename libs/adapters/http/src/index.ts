export { createApp } from './app';
export type { AppOptions } from './app';
export {
  FORM_TYPES,
  formBody,
  JSON_TYPES,
  jsonBody,
  rawBody,
  SMALL_BODY_BYTES,
  textBody,
} from './body';
export type { BodyOptions } from './body';
export { directListener } from './direct';
export type { DirectAnswer, DirectCall, DirectRoute, DirectRouter } from './direct';
export { HTTP_ROWS } from './error-dialect';
export type { ErrorDialect, ErrorRow, ErrorTable, Refusal, WireAnswer } from './error-dialect';
export { errorResponder, UNEXPECTED_MESSAGE } from './error-responder';
export { HttpError } from './http-error';
export type { HttpErrorCode, HttpErrorOptions } from './http-error';
export { assertJsonDepth, MAX_JSON_DEPTH } from './json-depth';
export {
  DRAIN_MS,
  HEADERS_TIMEOUT_MS,
  KEEP_ALIVE_TIMEOUT_MS,
  listen,
  MAX_CONNECTIONS,
  MAX_HEADER_BYTES,
  MAX_HEADERS,
  REQUEST_TIMEOUT_MS,
  TLS_HANDSHAKE_TIMEOUT_MS,
} from './listen';
export type { Listening, ListenOptions, TlsIdentity } from './listen';
export { MAX_RECENT_DECISIONS, OPERATOR_DECISIONS_PATH } from './operator';
export type { OperatorAccess } from './operator';
export { contextOf, requestIdOf } from './request-context';
export type { RequestContext, RequestIdStyle } from './request-context';
export { handler, headerValue, METHODS, pathValue, queryValue, resource } from './resource';
export type { Method, ResourceMethods } from './resource';
