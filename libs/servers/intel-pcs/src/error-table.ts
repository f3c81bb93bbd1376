import type { ErrorDialect, ErrorTable, Refusal, WireAnswer } from '@touchstone/http';

/** What each failure looks like on the wire. `code` is the Error-Code header, which Intel adds to 400 only. */
export const ERROR_TABLE: ErrorTable = {
  PCS_INVALID_REQUEST: { status: 400, code: 'InvalidRequestSyntax' },
  HTTP_QUERY_REPEATED: { status: 400, code: 'InvalidRequestSyntax' },
  HTTP_BODY_NOT_JSON: { status: 400, code: 'InvalidRequestSyntax' },
  HTTP_BODY_NOT_UTF8: { status: 400, code: 'InvalidRequestSyntax' },
  HTTP_BODY_TOO_DEEP: { status: 400, code: 'InvalidRequestSyntax' },
  HTTP_URL_MALFORMED: { status: 400, code: 'InvalidRequestSyntax' },
  PCS_SUBSCRIPTION_KEY: { status: 401 },
  PCS_UNAUTHORIZED: { status: 401, headers: { 'WWW-Authenticate': 'Bearer' } },
  PCS_PLATFORM_UNKNOWN: { status: 404 },
  AUTHORITY_PPID_UNREADABLE: { status: 404 },
  AUTHORITY_TCB_TOO_LOW: { status: 404 },
  AUTHORITY_FMSPC_UNKNOWN: { status: 404 },
  AUTHORITY_EVALUATION_UNKNOWN: { status: 404 },
  AUTHORITY_EVALUATION_GONE: { status: 410 },
  AUTHORITY_MODEL_UNKNOWN: { status: 400, code: 'UnknownModel' },
  AUTHORITY_STATE_MALFORMED: { status: 400, code: 'InvalidRequestSyntax' },
  PCS_THROTTLED: { status: 429, headers: { 'Retry-After': '30' } },
  PCS_UNAVAILABLE: { status: 503 },
};

/** Paths that are not Intel's answer in JSON. */
const OWN_PATHS = ['/manufacturing/', '/simulation/'];

export const DIALECT: ErrorDialect = {
  table: ERROR_TABLE,
  encode: (refusal) => (isOwn(refusal) ? jsonAnswer(refusal) : headerAnswer(refusal)),
};

const isOwn = ({ request }: Refusal): boolean =>
  OWN_PATHS.some((prefix) => request.path.startsWith(prefix));

const jsonAnswer = ({ error, message }: Refusal): WireAnswer => ({
  body: { error: { code: error?.code ?? 'UNEXPECTED', message } },
});

const headerAnswer = ({ status, code, message }: Refusal): WireAnswer =>
  status === 400
    ? { headers: { 'Error-Code': code ?? 'InvalidRequestSyntax', 'Error-Message': message } }
    : {};
