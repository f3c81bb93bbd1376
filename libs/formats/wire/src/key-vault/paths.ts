import { fromBase64Url, fromUtf8, toBase64Url, toUtf8 } from '@touchstone/bytes';
import { VaultWireError } from './wire-error';

const KEY_NAME = /^[0-9A-Za-z-]{1,127}$/;
const KEY_VERSION = /^[0-9a-f]{32}$/;
/** Entries of one page at most, and when the caller does not say. */
export const MAX_PAGE_ENTRIES = 25;
const MAX_SKIP_TOKEN_CHARACTERS = 512;

/** Every path has this shape; `{vault}` is the host. Clients split a `kid` and allow no other segment count. */
export const keyPath = (name: string, version?: string): string =>
  version === undefined ? `/keys/${name}` : `/keys/${name}/${version}`;
export const releasePath = (name: string, version?: string): string =>
  `${keyPath(name, version)}/release`;
export const deletedKeyPath = (name: string): string => `/deletedkeys/${name}`;

export function parseKeyName(value: string): string {
  if (KEY_NAME.test(value)) return value;
  const message = `The request URI contains an invalid name: ${value.slice(0, 128)}`;
  throw new VaultWireError('VAULT_KEY_NAME_INVALID', message, { field: 'key-name' });
}

export function parseKeyVersion(value: string): string {
  if (KEY_VERSION.test(value)) return value;
  const message = `The request URI contains an invalid version: ${value.slice(0, 128)}`;
  throw new VaultWireError('VAULT_KEY_VERSION_INVALID', message, { field: 'key-version' });
}

/** What part of a list is asked for. */
export interface PageRequest {
  readonly limit: number;
  readonly after?: string;
}

/** `maxresults` and `$skiptoken` of a list; VAULT_PAGE_INVALID. */
export function parsePage(
  maxResults: string | undefined,
  skipToken: string | undefined,
): PageRequest {
  const limit = maxResults === undefined ? MAX_PAGE_ENTRIES : Number(maxResults);
  if (!/^\d{1,3}$/.test(maxResults ?? '1') || limit < 1 || limit > MAX_PAGE_ENTRIES) {
    const message = `maxresults must be a whole number from 1 to ${MAX_PAGE_ENTRIES}`;
    throw new VaultWireError('VAULT_PAGE_INVALID', message, { field: 'maxresults' });
  }
  return skipToken === undefined ? { limit } : { limit, after: readSkipToken(skipToken) };
}

/** Absolute address of the next page. */
export function nextLink(listUrl: string, apiVersion: string, limit: number, next: string): string {
  const query = new URLSearchParams({
    'api-version': apiVersion,
    $skiptoken: toBase64Url(fromUtf8(next)),
  });
  if (limit !== MAX_PAGE_ENTRIES) query.set('maxresults', String(limit));
  return `${listUrl}?${query.toString()}`;
}

function readSkipToken(token: string): string {
  try {
    if (token.length <= MAX_SKIP_TOKEN_CHARACTERS) return toUtf8(fromBase64Url(token));
  } catch {
    // Refused below, like one that is too long.
  }
  throw new VaultWireError('VAULT_PAGE_INVALID', 'the skip token is not one of ours', {
    field: '$skiptoken',
  });
}
