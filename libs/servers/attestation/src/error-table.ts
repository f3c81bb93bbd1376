import type { ErrorDialect, ErrorRow, ErrorTable, Refusal } from '@touchstone/http';
import { HTTP_ROWS } from '@touchstone/http';
import type { EntraErrorCode } from '@touchstone/entra-client';
import type { AttestationErrorCode } from '@touchstone/service-attestation';
import { attestation } from '@touchstone/wire';

type BearerErrorCode = Extract<EntraErrorCode, `BEARER_${string}`>;

/** Numbers that Azure's messages carry: they are searched for. */
const native = (number: number, text: string): string =>
  `Native operation failed with ${number}: ${text}`;

const INVALID_QUOTE = 'The specified quote was invalid';
const COLLATERAL = native(65534, `${INVALID_QUOTE} due to an error in the quote collateral.`);
const EVALUATION = 'Policy Evaluation Error has occurred. Policy Engine Exception: ';

const invalidParameter = (message: ErrorRow['message']): ErrorRow =>
  row(400, 'InvalidParameter', message);
const evaluationError = (text: string): ErrorRow =>
  row(400, 'PolicyEvaluationError', native(65518, `${EVALUATION}${text}`));

function row(status: number, code: string, message?: ErrorRow['message']): ErrorRow {
  return { status, code, ...(message !== undefined && { message }) };
}

const SERVICE_ROWS: Readonly<Record<AttestationErrorCode, ErrorRow>> = {
  ATTESTATION_EVIDENCE_MALFORMED: invalidParameter(native(65534, `${INVALID_QUOTE}.`)),
  ATTESTATION_EVIDENCE_REFUSED: invalidParameter(COLLATERAL),
  ATTESTATION_COLLATERAL_UNKNOWN: invalidParameter(COLLATERAL),
  ATTESTATION_COLLATERAL_INVALID: invalidParameter(
    native(
      65534,
      `${INVALID_QUOTE} because the TCBInfo or QEID provided by the PCK Cache Service was invalid.`,
    ),
  ),
  ATTESTATION_BASELINE: invalidParameter(
    native(
      65534,
      `${INVALID_QUOTE} because the device on which the quote was generated does not meet the Azure baseline requirements.`,
    ),
  ),
  ATTESTATION_BINDING: invalidParameter(
    `${COLLATERAL} EnclaveSuppliedDataDigest does not match ReportData in quote`,
  ),
  ATTESTATION_INIT_DATA: invalidParameter(
    `${COLLATERAL} InitTimeData does not match ConfigId in quote`,
  ),
  ATTESTATION_HELD_DATA_INVALID: invalidParameter(
    'The runtime data or init time data is not a JSON object.',
  ),
  ATTESTATION_POLICY_SYNTAX: row(400, 'PolicyParsingError', ({ message }) =>
    native(65526, `Policy Parser Exception Thrown: ${message}`),
  ),
  ATTESTATION_POLICY_DENIED: evaluationError('A Deny claim was issued, authorization failed.'),
  ATTESTATION_POLICY_NO_PERMIT: evaluationError(
    'No Permit claim was issued in the authorizationrules section, authorization failed.',
  ),
  ATTESTATION_POLICY_ERROR: evaluationError('The policy cannot be evaluated.'),
  // With a space, as the live service has it.
  ATTESTATION_POLICY_NOT_SET: row(
    400,
    'Bad request',
    'A VBS attestation policy has not been set on the attestation provider.',
  ),
  ATTESTATION_UNKNOWN_HOST: row(421, 'MisdirectedRequest'),
  ATTESTATION_UNKNOWN_PROVIDER: row(404, 'NotFound'),
  ATTESTATION_COLLATERAL_UNAVAILABLE: {
    ...row(503, 'ServiceUnavailable', 'The PCK Cache Service cannot be reached.'),
    headers: { 'retry-after': '5' },
  },
  ATTESTATION_KEY_UNAVAILABLE: row(503, 'ServiceUnavailable', 'No signing key is available.'),
  ATTESTATION_TEE_UNAVAILABLE: {
    ...row(
      503,
      'ServiceUnavailable',
      'The provider signs inside an enclave, and the machine for it cannot be reached.',
    ),
    headers: { 'retry-after': '5' },
  },
  ATTESTATION_KEY_LOST: row(503, 'ServiceUnavailable', 'No signing key is available.'),
  ATTESTATION_STATEMENT_INVALID: row(400, 'InvalidOperation', ({ message }) => native(74, message)),
  ATTESTATION_STATEMENT_SIGNER: row(400, 'InvalidOperation', ({ message }) => native(74, message)),
  ATTESTATION_OPERATION_DISALLOWED: row(400, 'InvalidOperation', ({ message }) =>
    native(65530, message),
  ),
  ATTESTATION_TOKEN_FOREIGN: invalidParameter('The token was not issued by this provider.'),
  ATTESTATION_REVOCATIONS_FULL: row(409, 'Conflict'),
  ATTESTATION_CONFLICT: row(409, 'Conflict'),
  ATTESTATION_PROVIDER_EXISTS: row(409, 'Conflict'),
  ATTESTATION_PROVIDER_INVALID: row(400, 'InvalidParameter'),
  ATTESTATION_ROTATION_INVALID: row(400, 'InvalidParameter'),
  // Azure says 401 here too, and not 403.
  ATTESTATION_FORBIDDEN: row(401, 'Unauthorized', 'The caller has no role for the operation.'),
};

const noBearer: ErrorRow = row(401, 'Unauthorized');

const BEARER_ROWS: Readonly<Record<BearerErrorCode, ErrorRow>> = {
  BEARER_MISSING: noBearer,
  BEARER_MALFORMED: noBearer,
  BEARER_EXPIRED: noBearer,
  BEARER_ISSUER: noBearer,
  BEARER_AUDIENCE: noBearer,
  BEARER_INVALID: noBearer,
  BEARER_KEYS_UNAVAILABLE: {
    ...row(503, 'ServiceUnavailable', 'The keys of the token authority cannot be had.'),
    headers: { 'retry-after': '5' },
  },
};

const WIRE_ROWS: Readonly<Record<attestation.AttestationWireErrorCode, ErrorRow>> = {
  ATTEST_BODY_INVALID: invalidParameter(
    ({ field }) => `The parameter ${field ?? 'body'} is not a JSON object.`,
  ),
  ATTEST_MEMBER_MISSING: invalidParameter(
    ({ field }) => `The parameter ${field ?? ''} is required.`,
  ),
  ATTEST_MEMBER_INVALID: invalidParameter(
    ({ field }) => `The parameter ${field ?? ''} is invalid.`,
  ),
  ATTEST_MEMBER_REPEATED: invalidParameter(
    ({ field }) => `The parameter ${field ?? ''} is given more than once.`,
  ),
  ATTEST_API_VERSION_MISSING: row(
    400,
    'ApiVersionUnspecified',
    'An API version is required, but was not specified.',
  ),
  ATTEST_API_VERSION_UNKNOWN: row(
    400,
    'UnsupportedApiVersion',
    'The HTTP resource that matches the request URI does not support the given API version.',
  ),
};

const badBody = (why: string): ErrorRow => invalidParameter(`The request body ${why}.`);

const TRANSPORT_ROWS: ErrorTable = {
  CLAIMS_JSON_MALFORMED: badBody('is not JSON'),
  CLAIMS_JSON_DUPLICATE_MEMBER: badBody('repeats a member'),
  CLAIMS_JSON_TOO_DEEP: badBody('is nested too deeply'),
  HTTP_BODY_NOT_UTF8: badBody('is not UTF-8'),
  HTTP_BODY_ABORTED: badBody('did not arrive whole'),
  HTTP_BODY_TOO_LARGE: row(413, 'RequestEntityTooLarge', 'The request body is too large.'),
  HTTP_MEDIA_TYPE: row(415, 'UnsupportedMediaType', 'The request body must be application/json.'),
  HTTP_CONTENT_ENCODING: row(
    415,
    'UnsupportedMediaType',
    'The request body must not be compressed.',
  ),
  HTTP_QUERY_REPEATED: invalidParameter(
    ({ field }) => `The query parameter ${field ?? ''} is given more than once.`,
  ),
  HTTP_URL_MALFORMED: invalidParameter('The request URI is not valid.'),
  HTTP_NOT_FOUND: row(404, 'NotFound', 'The resource does not exist.'),
  HTTP_METHOD_NOT_ALLOWED: row(
    405,
    'MethodNotAllowed',
    'The resource does not support the method.',
  ),
};

/** Every refusal of this server on one screen: our code, status, Azure's code and text. */
const TABLE: ErrorTable = {
  ...HTTP_ROWS,
  ...TRANSPORT_ROWS,
  ...WIRE_ROWS,
  ...BEARER_ROWS,
  ...SERVICE_ROWS,
};

const UNEXPECTED = { status: 500, code: 'InternalServerError' } as const;

/** What a refusal looks like on the wire, for its decision record. */
export function wireOutcome(code: AttestationErrorCode): {
  readonly status: number;
  readonly code: string;
} {
  const { status, code: wireCode = UNEXPECTED.code } = SERVICE_ROWS[code];
  return { status, code: wireCode };
}

/** Whose tokens callers have to bring. */
export interface Challenge {
  /** URL whose path is the tenant. */
  readonly authorization: string;
  readonly resource: string;
}

/** Azure's envelope: `{"error":{"code","message"}}`, and for some codes the same again in `innererror`. */
export const attestationDialect: ErrorDialect = {
  table: TABLE,
  encode: (refusal) => ({
    body: { ...attestation.errorAnswer(refusal.code ?? UNEXPECTED.code, messageOf(refusal)) },
  }),
};

/** The same, and a 401 says where tokens come from. */
export function challengingDialect({ authorization, resource }: Challenge): ErrorDialect {
  const header = `Bearer authorization_uri="${authorization}", resource="${resource}"`;
  const { table, encode } = attestationDialect;
  return {
    table,
    encode: (refusal) => ({
      ...encode(refusal),
      ...(refusal.status === 401 && { headers: { 'www-authenticate': header } }),
    }),
  };
}

function messageOf({ error, message, status, request }: Refusal): string {
  if (status !== 401 || error === undefined || !Object.hasOwn(BEARER_ROWS, error.code))
    return message;
  return `Access to ${request.path} requires a valid JWT bearer token`;
}
