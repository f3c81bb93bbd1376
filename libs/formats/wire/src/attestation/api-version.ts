import { AttestationWireError } from './wire-error';

export const API_VERSION_PARAMETER = 'api-version';

/** Published versions of the REST API whose attest operations have the form of 2020-10-01, oldest first. */
export const API_VERSIONS = [
  '2020-10-01',
  '2022-08-01',
  '2022-09-01-preview',
  '2023-04-01-preview',
  '2025-06-01',
  '2026-03-11-preview',
] as const;

export type ApiVersion = (typeof API_VERSIONS)[number];

/** The version before them, with paths, bodies and tokens of its own. */
export const PREVIEW_API_VERSION = '2018-09-01-preview';
export type PreviewApiVersion = typeof PREVIEW_API_VERSION;
export const PREVIEW_API_VERSIONS = [PREVIEW_API_VERSION] as const;

const since = (first: ApiVersion): readonly ApiVersion[] =>
  API_VERSIONS.slice(API_VERSIONS.indexOf(first));

/** Versions with `/tcbbaselines`. */
export const TCB_BASELINE_VERSIONS = since('2022-09-01-preview');
/** Versions with `/servicehealth`. */
export const SERVICE_HEALTH_VERSIONS = since('2026-03-11-preview');

/**
 * The version that a request names, if it is one of those that have the operation.
 *
 * @throws AttestationWireError ATTEST_API_VERSION_MISSING or ATTEST_API_VERSION_UNKNOWN
 */
export function parseApiVersion<Version extends string>(
  value: string | undefined,
  versions: readonly Version[],
): Version {
  if (value === undefined || value === '') {
    throw new AttestationWireError(
      'ATTEST_API_VERSION_MISSING',
      'An API version is required, but was not specified.',
      { field: API_VERSION_PARAMETER },
    );
  }
  const known = versions.find((version) => version === value);
  if (known) return known;
  throw new AttestationWireError(
    'ATTEST_API_VERSION_UNKNOWN',
    'The API version is not supported.',
    { field: API_VERSION_PARAMETER },
  );
}

/** `nonce` came with 2022-08-01; before, it is a member like any other unknown one. */
export const supportsNonce = (version: ApiVersion): boolean => version !== '2020-10-01';
