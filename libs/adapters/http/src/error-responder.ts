import { isNativeError } from 'node:util/types';
import type { ErrorRequestHandler, NextFunction, Request, Response } from 'express';
import { CodedError } from '@touchstone/errors';
import type { Logger } from '@touchstone/ports';
import {
  HTTP_ROWS,
  type ErrorDialect,
  type ErrorRow,
  type Refusal,
  type WireAnswer,
} from './error-dialect';
import { HttpError } from './http-error';
import { contextOf } from './request-context';

const UNEXPECTED_STATUS = 500;
export const UNEXPECTED_MESSAGE = 'An internal error occurred. The request id names it in the log.';

/**
 * Answers a failure through the service's own table. A code that is in neither table is our fault, not the caller's:
 * a bare 500 with the request id, and the cause in the log.
 */
export function errorResponder(dialect: ErrorDialect, logger: Logger): ErrorRequestHandler {
  return (thrown: unknown, request: Request, response: Response, _next: NextFunction): void => {
    const error = fromExpress(thrown);
    const row = rowFor(dialect, error);
    const context = contextOf(response);
    context.refusedWith =
      row === undefined ? 'UNEXPECTED' : error instanceof CodedError ? error.code : 'NONE';
    if (row === undefined || row.status >= UNEXPECTED_STATUS) {
      logger.error('request failed', { requestId: context.requestId, error });
    }
    if (response.headersSent) {
      // Half an answer cannot be taken back; a cut connection tells the caller that it is not whole.
      request.socket.destroy();
      return;
    }
    const refusal = refusalOf(row, error, context.requestId, request);
    send(
      response,
      refusal.status,
      { ...allowHeader(error), ...row?.headers },
      dialect.encode(refusal),
    );
  };
}

/** Express and its router throw errors of their own for URLs that they cannot decode. */
function fromExpress(thrown: unknown): unknown {
  if (isNativeError(thrown) && thrown.name === 'URIError') {
    return new HttpError('HTTP_URL_MALFORMED', 'the URL is not well-formed', { cause: thrown });
  }
  return thrown;
}

function rowFor(dialect: ErrorDialect, error: unknown): ErrorRow | undefined {
  if (!(error instanceof CodedError)) return undefined;
  if (Object.hasOwn(dialect.table, error.code)) return dialect.table[error.code];
  const rows: Readonly<Record<string, ErrorRow>> = HTTP_ROWS;
  return Object.hasOwn(rows, error.code) ? rows[error.code] : undefined;
}

function refusalOf(
  row: ErrorRow | undefined,
  error: unknown,
  requestId: string,
  request: Request,
): Refusal {
  if (row === undefined || !(error instanceof CodedError)) {
    return { status: UNEXPECTED_STATUS, message: UNEXPECTED_MESSAGE, requestId, request };
  }
  const { status, code, message = error.message } = row;
  return {
    status,
    message: typeof message === 'function' ? message(error) : message,
    error,
    requestId,
    request,
    ...(code !== undefined && { code }),
  };
}

function allowHeader(error: unknown): Record<string, string> {
  return error instanceof HttpError && error.allow.length > 0
    ? { Allow: error.allow.join(', ') }
    : {};
}

function send(
  response: Response,
  status: number,
  headers: Readonly<Record<string, string>>,
  answer: WireAnswer,
): void {
  response.status(status).set(headers);
  if (answer.headers !== undefined) response.set(answer.headers);
  if (answer.contentType !== undefined) response.set('content-type', answer.contentType);
  const { body } = answer;
  if (body === undefined) response.end();
  else if (typeof body === 'string') response.send(body);
  else if (body instanceof Uint8Array) response.send(Buffer.from(body));
  else response.json(body);
}
