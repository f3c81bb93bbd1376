import type { CodedError } from '@touchstone/errors';
import { HTTP_ROWS } from '@touchstone/http';
import type { ErrorDialect, ErrorRow, ErrorTable, Refusal, WireAnswer } from '@touchstone/http';
import { hasCode } from '@touchstone/errors';
import { keyVault } from '@touchstone/wire';
import { ERROR_TABLE, INNER_CODES } from './error-table';

/** Where callers get tokens, and for what. */
export interface Challenge {
  /** URL whose path is the tenant. */
  readonly authorization: string;
  readonly resource: string;
}

const STATUS_CODES: Readonly<Record<number, string>> = {
  400: 'BadParameter',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  405: 'MethodNotAllowed',
  409: 'Conflict',
  413: 'RequestEntityTooLarge',
  415: 'UnsupportedMediaType',
  500: 'InternalServerError',
};

/** Azure Key Vault's form of a refusal. */
export function vaultDialect(challenge: Challenge): ErrorDialect {
  return { table: ERROR_TABLE, encode: (refusal) => encode(refusal, challenge) };
}

function encode({ status, code, message, error }: Refusal, challenge: Challenge): WireAnswer {
  const body = keyVault.errorAnswer(code ?? wireCode(status), message, innerCode(error));
  return status === 401 ? { headers: { 'www-authenticate': header(challenge) }, body } : { body };
}

const wireCode = (status: number): string => STATUS_CODES[status] ?? 'InternalServerError';

const header = ({ authorization, resource }: Challenge): string =>
  `Bearer authorization="${authorization}", resource="${resource}"`;

function innerCode(error: CodedError | undefined): string | undefined {
  const codes: Readonly<Record<string, string>> = INNER_CODES;
  return error !== undefined && Object.hasOwn(codes, error.code) ? codes[error.code] : undefined;
}

/** Status and wire code with which `error` will be answered. */
export function wireFormOf(error: unknown): { readonly status: number; readonly code: string } {
  const tables: ErrorTable = { ...HTTP_ROWS, ...ERROR_TABLE };
  const row: ErrorRow | undefined =
    hasCode(error) && Object.hasOwn(tables, error.code) ? tables[error.code] : undefined;
  const status = row?.status ?? 500;
  return { status, code: row?.code ?? wireCode(status) };
}
