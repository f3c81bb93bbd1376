import type {
  Clock,
  DeletedVaultKey,
  Page,
  Random,
  VaultKeyStore,
  VaultKeyVersion,
} from '@touchstone/ports';
import { toHex } from '@touchstone/bytes';
import type { keyVault } from '@touchstone/wire';
import type { AuthorityKeys } from './authority-keys';
import { familyOf, generateMaterial, importMaterial } from './key-material';
import type { KeyMaterial } from './key-material';
import { admitPolicy, assertChangeRules, assertExportRules } from './policy-admission';
import { VaultError } from './vault-error';
import type { VaultScope } from './vault-scope';

export interface KeysDeps {
  readonly store: VaultKeyStore;
  readonly authorityKeys: AuthorityKeys;
  readonly random: Random;
  readonly clock: Clock;
}

/** How long a deleted key can be recovered. */
export const RECOVERABLE_DAYS = 90;
const DAY_MS = 86_400_000;
const VERSION_BYTES = 16;
const MAX_UPDATE_ATTEMPTS = 5;

/** What a vault does with keys, apart from releasing them. */
export interface Keys {
  create(
    scope: VaultScope,
    name: string,
    request: keyVault.CreateKeyRequest,
  ): Promise<VaultKeyVersion>;
  import(
    scope: VaultScope,
    name: string,
    request: keyVault.ImportKeyRequest,
  ): Promise<VaultKeyVersion>;
  get(scope: VaultScope, name: string, version?: string): Promise<VaultKeyVersion>;
  update(
    scope: VaultScope,
    name: string,
    version: string | undefined,
    request: keyVault.KeyProperties,
  ): Promise<VaultKeyVersion>;
  list(scope: VaultScope, page: keyVault.PageRequest): Promise<Page<VaultKeyVersion>>;
  versions(
    scope: VaultScope,
    name: string,
    page: keyVault.PageRequest,
  ): Promise<Page<VaultKeyVersion>>;
  delete(scope: VaultScope, name: string): Promise<DeletedVaultKey>;
  getDeleted(scope: VaultScope, name: string): Promise<DeletedVaultKey>;
  listDeleted(scope: VaultScope, page: keyVault.PageRequest): Promise<Page<DeletedVaultKey>>;
  recover(scope: VaultScope, name: string): Promise<VaultKeyVersion>;
  purge(scope: VaultScope, name: string): Promise<void>;
}

export function createKeys(deps: KeysDeps): Keys {
  const { store, clock } = deps;
  const get = async (
    { vault }: VaultScope,
    name: string,
    version?: string,
  ): Promise<VaultKeyVersion> => (await store.get(vault, name, version)) ?? notFound(name, version);
  const getDeleted = async ({ vault }: VaultScope, name: string): Promise<DeletedVaultKey> =>
    (await keptDeleted(deps, vault, name)) ?? deletedNotFound(name);

  return {
    create: async (scope, name, request) => {
      assertExportRules(request, scope.apiVersion);
      const draft = await draftOf(deps, scope, name, request);
      return insert(deps, { ...draft, ...(await generateMaterial(request, deps.random)) });
    },
    import: async (scope, name, request) => {
      assertExportRules(request, scope.apiVersion);
      const material = importMaterial(request);
      return insert(deps, { ...(await draftOf(deps, scope, name, request)), ...material });
    },
    get,
    update: async (scope, name, version, request) => {
      // Rules are checked on what is replaced: a change that another one overtook is judged anew.
      for (let attempt = 1; attempt <= MAX_UPDATE_ATTEMPTS; attempt++) {
        const current = await get(scope, name, version);
        assertChangeRules(current, request, version);
        const changed = await changedKey(deps, current, request);
        const outcome = await store.update(changed, current);
        if (outcome === 'updated') return changed;
        if (outcome === 'gone') return notFound(name, version);
      }
      throw new VaultError('VAULT_KEY_CONTENDED', 'others change this key all the time');
    },
    list: ({ vault }, { limit, after }) => store.list(vault, limit, after),
    versions: ({ vault }, name, { limit, after }) => store.versions(vault, name, limit, after),
    delete: async ({ vault }, name) => {
      const at = clock.now();
      const purgeAt = new Date(at.getTime() + RECOVERABLE_DAYS * DAY_MS);
      return (await store.markDeleted(vault, name, at, purgeAt)) ?? notFound(name);
    },
    getDeleted,
    listDeleted: async ({ vault }, { limit, after }) => {
      const page = await store.listDeleted(vault, limit, after);
      const at = clock.now().getTime();
      return { ...page, items: page.items.filter(({ purgeAt }) => purgeAt.getTime() > at) };
    },
    recover: async (scope, name) => {
      await getDeleted(scope, name);
      return (await store.recover(scope.vault, name)) ?? deletedNotFound(name);
    },
    purge: async (scope, name) => {
      await getDeleted(scope, name);
      if (!(await store.purge(scope.vault, name))) deletedNotFound(name);
    },
  };
}

type Draft = Omit<VaultKeyVersion, keyof KeyMaterial>;

/** All of a new version but its material; the policy is admitted first. */
async function draftOf(
  { authorityKeys, clock, random }: KeysDeps,
  { vault }: VaultScope,
  name: string,
  request: keyVault.CreateKeyRequest | keyVault.ImportKeyRequest,
): Promise<Draft> {
  const at = clock.now();
  const { kty, attributes, releasePolicy, tags = {} } = request;
  return {
    vault,
    name,
    version: toHex(random.bytes(VERSION_BYTES)),
    kty,
    keyOps: request.keyOps ?? defaultOperations(kty),
    enabled: attributes.enabled ?? true,
    exportable: attributes.exportable ?? false,
    ...(attributes.notBefore && { notBefore: attributes.notBefore }),
    ...(attributes.expires && { expires: attributes.expires }),
    created: at,
    updated: at,
    tags,
    ...(releasePolicy && { releasePolicy: await admitPolicy(releasePolicy, authorityKeys, at) }),
  };
}

function defaultOperations(kty: string): readonly string[] {
  if (familyOf(kty) === 'EC') return ['sign', 'verify'];
  const ciphers = ['encrypt', 'decrypt', 'wrapKey', 'unwrapKey'];
  return familyOf(kty) === 'RSA' ? [...ciphers, 'sign', 'verify'] : ciphers;
}

async function insert(deps: KeysDeps, key: Draft & KeyMaterial): Promise<VaultKeyVersion> {
  const crv = key.publicJwk['crv'];
  const version: VaultKeyVersion = { ...key, ...(crv !== undefined && { crv }) };
  if ((await deps.store.insert(version)) === 'inserted') return version;
  // A name whose time has run out is free again.
  const gone = (await keptDeleted(deps, key.vault, key.name)) === undefined;
  if (gone && (await deps.store.insert(version)) === 'inserted') return version;
  throw new VaultError('VAULT_NAME_DELETED', 'a deleted key holds the name', { field: key.name });
}

/** A deleted key that can still be recovered; one whose time has run out is purged on the way. */
async function keptDeleted(
  { store, clock }: KeysDeps,
  vault: string,
  name: string,
): Promise<DeletedVaultKey | undefined> {
  const deleted = await store.getDeleted(vault, name);
  if (deleted === undefined || deleted.purgeAt.getTime() > clock.now().getTime()) return deleted;
  await store.purge(vault, name);
  return undefined;
}

async function changedKey(
  { authorityKeys, clock }: KeysDeps,
  current: VaultKeyVersion,
  { keyOps, attributes, tags, releasePolicy }: keyVault.KeyProperties,
): Promise<VaultKeyVersion> {
  const at = clock.now();
  const notBefore = attributes.notBefore ?? current.notBefore;
  const expires = attributes.expires ?? current.expires;
  return {
    ...current,
    keyOps: keyOps ?? current.keyOps,
    enabled: attributes.enabled ?? current.enabled,
    ...(notBefore && { notBefore }),
    ...(expires && { expires }),
    tags: tags ?? current.tags,
    ...(releasePolicy && { releasePolicy: await admitPolicy(releasePolicy, authorityKeys, at) }),
    updated: at,
  };
}

function notFound(name: string, version?: string): never {
  const field = version === undefined ? name : `${name}/${version}`;
  throw new VaultError('VAULT_KEY_NOT_FOUND', 'there is no such key', { field });
}

function deletedNotFound(name: string): never {
  throw new VaultError('VAULT_DELETED_KEY_NOT_FOUND', 'there is no such deleted key', {
    field: name,
  });
}
