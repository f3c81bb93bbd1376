import type { DeletedVaultKey, Page, VaultKeyVersion } from '@touchstone/ports';
import { deletedKeyPath, keyPath } from './paths';

export const AnswerHeader = {
  clientRequestId: 'x-ms-client-request-id',
  networkInfo: 'x-ms-keyvault-network-info',
  rbacAssignment: 'x-ms-keyvault-rbac-assignment-id',
  region: 'x-ms-keyvault-region',
  serviceVersion: 'x-ms-keyvault-service-version',
} as const;

/** The vault as the caller named it, and how long it keeps what is deleted. */
export interface VaultView {
  /** `https://` and host, with a port where there is one; no trailing slash. */
  readonly baseUrl: string;
  readonly recoverableDays: number;
}

type Json = Readonly<Record<string, unknown>>;

const unixSeconds = (at: Date): number => Math.floor(at.getTime() / 1000);

/** The live service writes the usual exponent of HSM keys with four octets; clients must take either form. */
const HSM_EXPONENT = { short: 'AQAB', long: 'AAEAAQ' } as const;

/** Public JWK of a key; `kid` is versioned. */
export function keyMember(view: VaultView, key: VaultKeyVersion): Json {
  const { e, ...rest } = key.publicJwk;
  const long = key.kty === 'RSA-HSM' && e === HSM_EXPONENT.short;
  return {
    kid: `${view.baseUrl}${keyPath(key.name, key.version)}`,
    kty: key.kty,
    key_ops: key.keyOps,
    ...rest,
    ...(e !== undefined && { e: long ? HSM_EXPONENT.long : e }),
  };
}

export function attributesMember({ recoverableDays }: VaultView, key: VaultKeyVersion): Json {
  return {
    enabled: key.enabled,
    ...(key.notBefore && { nbf: unixSeconds(key.notBefore) }),
    ...(key.expires && { exp: unixSeconds(key.expires) }),
    created: unixSeconds(key.created),
    updated: unixSeconds(key.updated),
    recoveryLevel: 'Recoverable+Purgeable',
    recoverableDays,
    exportable: key.exportable,
  };
}

export function keyBundle(view: VaultView, key: VaultKeyVersion): Json {
  return {
    key: keyMember(view, key),
    attributes: attributesMember(view, key),
    ...(key.releasePolicy && { release_policy: key.releasePolicy }),
    tags: key.tags,
  };
}

export function deletedKeyBundle(view: VaultView, deleted: DeletedVaultKey): Json {
  return { ...deletedMembers(view, deleted), ...keyBundle(view, deleted.key) };
}

function deletedMembers(
  { baseUrl }: VaultView,
  { key, deletedAt, purgeAt }: DeletedVaultKey,
): Json {
  return {
    recoveryId: `${baseUrl}${deletedKeyPath(key.name)}`,
    deletedDate: unixSeconds(deletedAt),
    scheduledPurgeDate: unixSeconds(purgeAt),
  };
}

/** One entry of a list; `kid` has no version in the list of keys. */
function keyItem(view: VaultView, key: VaultKeyVersion, version?: string): Json {
  return {
    kid: `${view.baseUrl}${keyPath(key.name, version)}`,
    attributes: attributesMember(view, key),
    tags: key.tags,
  };
}

export type NextLink = (next: string) => string;

const list = <Item>(page: Page<Item>, link: NextLink, encode: (item: Item) => Json): Json => ({
  value: page.items.map(encode),
  nextLink: page.next === undefined ? null : link(page.next),
});

export const keyList = (view: VaultView, page: Page<VaultKeyVersion>, link: NextLink): Json =>
  list(page, link, (key) => keyItem(view, key));

export const keyVersionList = (
  view: VaultView,
  page: Page<VaultKeyVersion>,
  link: NextLink,
): Json => list(page, link, (key) => keyItem(view, key, key.version));

export const deletedKeyList = (
  view: VaultView,
  page: Page<DeletedVaultKey>,
  link: NextLink,
): Json =>
  list(page, link, (deleted) => ({
    ...keyItem(view, deleted.key),
    ...deletedMembers(view, deleted),
  }));

export const releaseAnswer = (jws: string): Json => ({ value: jws });

export function errorAnswer(code: string, message: string, inner?: string): Json {
  return { error: { code, message, ...(inner !== undefined && { innererror: { code: inner } }) } };
}
