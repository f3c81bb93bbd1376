import { randomUUID } from 'node:crypto';
import type { CodedError } from '@touchstone/errors';
import {
  type ErrorDialect,
  type ErrorRow,
  HTTP_ROWS,
  type Refusal,
  type WireAnswer,
} from '@touchstone/http';
import { isGuid, type IdentityErrorCode } from '@touchstone/service-identity';
import type { Clock } from '@touchstone/ports';

/** One refusal as Entra ID has it: OAuth error (RFC 6749 section 5.2), AADSTS number, text. */
interface AadRow {
  readonly status: number;
  readonly error: string;
  readonly number: number;
  readonly text: string | ((field: string) => string);
}

const AAD_ROWS: Readonly<Record<IdentityErrorCode, AadRow>> = {
  IDENTITY_TENANT_UNKNOWN: {
    status: 400,
    error: 'invalid_request',
    number: 90002,
    text: (field) =>
      `Tenant '${field}' not found. Check to make sure you have the correct tenant ID.`,
  },
  IDENTITY_TENANT_MISSING: {
    status: 400,
    error: 'invalid_request',
    number: 50059,
    text: 'No tenant-identifying information found in either the request or implied by any provided credentials.',
  },
  IDENTITY_PARAMETER_MISSING: {
    status: 400,
    error: 'invalid_request',
    number: 900144,
    text: (field) => `The request body must contain the following parameter: '${field}'.`,
  },
  IDENTITY_GRANT_UNSUPPORTED: {
    status: 400,
    error: 'unsupported_grant_type',
    number: 70003,
    text: 'The app requested an unsupported grant type.',
  },
  IDENTITY_CLIENT_UNKNOWN: {
    status: 400,
    error: 'unauthorized_client',
    number: 700016,
    text: (field) => `Application with identifier '${field}' was not found in the directory.`,
  },
  IDENTITY_CREDENTIAL_MISSING: {
    status: 401,
    error: 'invalid_client',
    number: 7000218,
    text: "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
  },
  IDENTITY_CREDENTIAL_REPEATED: {
    status: 400,
    error: 'invalid_request',
    number: 90014,
    text: 'The request authenticates the client in more than one way.',
  },
  IDENTITY_SECRET_WRONG: {
    status: 401,
    error: 'invalid_client',
    number: 7000215,
    text: (field) => `Invalid client secret provided for app '${field}'.`,
  },
  IDENTITY_ASSERTION_UNMATCHED: {
    status: 401,
    error: 'invalid_client',
    number: 700213,
    text: 'No matching federated identity record or certificate found for the presented assertion.',
  },
  IDENTITY_SCOPE_INVALID: {
    status: 400,
    error: 'invalid_scope',
    number: 70011,
    text: 'The provided value for the input parameter scope is not valid: it must be one resource with /.default.',
  },
  IDENTITY_RESOURCE_UNKNOWN: {
    status: 400,
    error: 'invalid_resource',
    number: 500011,
    text: 'The resource principal was not found in the tenant.',
  },
  IDENTITY_HOST_UNKNOWN: {
    status: 421,
    error: 'invalid_request',
    number: 90012,
    text: 'This authority does not answer for the host of the request.',
  },
  IDENTITY_KEY_UNAVAILABLE: {
    status: 503,
    error: 'temporarily_unavailable',
    number: 90033,
    text: 'A transient error has occurred. Please try again.',
  },
  IDENTITY_NO_TENANT: {
    status: 500,
    error: 'server_error',
    number: 90033,
    text: 'No tenant is configured.',
  },
  IDENTITY_DIRECTORY_INVALID: {
    status: 500,
    error: 'server_error',
    number: 90033,
    text: 'The directory is not valid.',
  },
};

/** Documents are asked for by instances too: that one has an error of its own. */
export const INSTANCE_INVALID = {
  status: 400,
  error: 'invalid_instance',
  number: 50049,
  text: 'Unknown or invalid instance.',
} as const satisfies AadRow;

const MALFORMED_REQUEST = 900561;
const SERVER_ERROR = 90033;

function rowOf({ error, status }: Refusal): AadRow {
  const rows: Readonly<Record<string, AadRow>> = { ...AAD_ROWS, INSTANCE_INVALID };
  const known =
    error !== undefined && Object.hasOwn(rows, error.code) ? rows[error.code] : undefined;
  if (known !== undefined) return known;
  return error === undefined
    ? { status, error: 'server_error', number: SERVER_ERROR, text: 'An unexpected error occurred.' }
    : { status, error: 'invalid_request', number: MALFORMED_REQUEST, text: error.message };
}

const statusOf = ({ status }: AadRow): ErrorRow => ({ status });
const CODES: readonly [string, AadRow][] = [
  ...Object.entries(AAD_ROWS),
  ['INSTANCE_INVALID', INSTANCE_INVALID],
];

/** Entra ID's own way to say no: OAuth errors whose text begins with an AADSTS number. */
export function identityDialect(clock: Clock): ErrorDialect {
  return {
    table: {
      ...HTTP_ROWS,
      ...Object.fromEntries(CODES.map(([code, row]) => [code, statusOf(row)])),
    },
    encode: (refusal) => encode(refusal, clock.now()),
  };
}

function encode(refusal: Refusal, at: Date): WireAnswer {
  const { error, number, text } = rowOf(refusal);
  const traceId = guidOfTrace(refusal.requestId);
  const correlationId = correlationOf(refusal);
  const timestamp = `${at.toISOString().slice(0, 19).replace('T', ' ')}Z`;
  const message = typeof text === 'function' ? text(fieldOf(refusal.error)) : text;
  return {
    headers: { 'cache-control': 'no-store, no-cache', pragma: 'no-cache' },
    contentType: 'application/json; charset=utf-8',
    body: {
      error,
      error_description: `AADSTS${number}: ${message} Trace ID: ${traceId} Correlation ID: ${correlationId} Timestamp: ${timestamp}`,
      error_codes: [number],
      timestamp,
      trace_id: traceId,
      correlation_id: correlationId,
      error_uri: `https://login.microsoftonline.com/error?code=${number}`,
    },
  };
}

const fieldOf = (error: CodedError | undefined): string => error?.field ?? '';

/** The trace of the request in the form of a GUID, so that an answer can be found in the log. */
function guidOfTrace(requestId: string): string {
  const hex = requestId.split('-')[1] ?? '';
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20),
  ].join('-');
}

/** The caller's own id when it sent one. */
function correlationOf({ request }: Refusal): string {
  const header: unknown = request.headers['client-request-id'];
  const query: unknown = request.query['client-request-id'];
  const sent = [query, header].find(
    (value) => typeof value === 'string' && isGuid(value.toLowerCase()),
  );
  return typeof sent === 'string' ? sent : randomUUID();
}
