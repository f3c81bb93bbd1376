import type { Request } from 'express';
import type { CodedError } from '@touchstone/errors';
import type { HttpErrorCode } from './http-error';

/** One line of a service's error table: what a code looks like on the wire. */
export interface ErrorRow {
  readonly status: number;
  /** The error code of the service's own dialect; without it the dialect decides. */
  readonly code?: string;
  /** The text for the caller; without it the error's own message. */
  readonly message?: string | ((error: CodedError) => string);
  readonly headers?: Readonly<Record<string, string>>;
}

export type ErrorTable = Readonly<Record<string, ErrorRow>>;

/** A row that was chosen for one failure, before the dialect writes it. */
export interface Refusal {
  readonly status: number;
  readonly code?: string;
  readonly message: string;
  /** The failure itself; absent for the unexpected, whose details stay in the log. */
  readonly error?: CodedError;
  readonly requestId: string;
  readonly request: Request;
}

/** The answer as it goes out. An object body becomes JSON. */
export interface WireAnswer {
  readonly headers?: Readonly<Record<string, string>>;
  readonly contentType?: string;
  readonly body?: string | Uint8Array | Readonly<Record<string, unknown>>;
}

/** How a service says no. */
export interface ErrorDialect {
  /** Domain codes, and the HTTP_ codes where they differ from `HTTP_ROWS`. */
  readonly table: ErrorTable;
  /** Writes a refusal in the service's own form. */
  encode(refusal: Refusal): WireAnswer;
}

/** Statuses that every service shares unless its own table says otherwise. */
export const HTTP_ROWS = {
  HTTP_BODY_TOO_LARGE: { status: 413 },
  HTTP_BODY_ABORTED: { status: 400 },
  HTTP_BODY_NOT_UTF8: { status: 400 },
  HTTP_BODY_NOT_JSON: { status: 400 },
  HTTP_BODY_NOT_FORM: { status: 400 },
  HTTP_BODY_TOO_DEEP: { status: 400 },
  HTTP_MEDIA_TYPE: { status: 415 },
  HTTP_CONTENT_ENCODING: { status: 415 },
  HTTP_QUERY_REPEATED: { status: 400 },
  HTTP_URL_MALFORMED: { status: 400 },
  HTTP_NOT_FOUND: { status: 404 },
  HTTP_METHOD_NOT_ALLOWED: { status: 405 },
  HTTP_LISTEN_FAILED: { status: 500 },
} as const satisfies Record<HttpErrorCode, ErrorRow>;
