import { VaultWireError } from './wire-error';

export const API_VERSION_PARAMETER = 'api-version';

/** Published versions of the key API whose requests have the form of 7.0, oldest first. */
export const API_VERSIONS = [
  '7.0',
  '7.1',
  '7.2',
  '7.3-preview',
  '7.3',
  '7.4-preview.1',
  '7.4',
  '7.5-preview.1',
  '7.5',
  '7.6-preview.2',
  '7.6',
  '2025-07-01',
] as const;

export type ApiVersion = (typeof API_VERSIONS)[number];
export const LATEST_API_VERSION = '2025-07-01';

/** @throws VaultWireError VAULT_API_VERSION_MISSING or VAULT_API_VERSION_UNKNOWN */
export function parseApiVersion(value: string | undefined): ApiVersion {
  if (value === undefined || value === '') {
    const message = `The query parameter ${API_VERSION_PARAMETER} must be specified.`;
    throw new VaultWireError('VAULT_API_VERSION_MISSING', message, {
      field: API_VERSION_PARAMETER,
    });
  }
  const known = API_VERSIONS.find((version) => version === value);
  if (known !== undefined) return known;
  const shown = value.slice(0, 32);
  const message = `The specified version (${shown}) is not recognized. Consider using the latest supported version (${LATEST_API_VERSION}).`;
  throw new VaultWireError('VAULT_API_VERSION_UNKNOWN', message, { field: API_VERSION_PARAMETER });
}

/** Exportable keys, release policies and `release` came with 7.3-preview. */
export const supportsRelease = (version: ApiVersion): boolean =>
  !['7.0', '7.1', '7.2'].includes(version);
