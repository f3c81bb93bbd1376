import { keyVault } from '@touchstone/wire';
import { AUTHORITY, NOW, anAuthority } from './__fixtures__/an-authority';
import { memoryVaultKeys } from './__fixtures__/memory-stores';
import { createAuthorityKeys } from './authority-keys';
import { createKeys, RECOVERABLE_DAYS } from './keys';

const view = { baseUrl: 'https://v1.vault.azure.net', recoverableDays: RECOVERABLE_DAYS };
const scope = { vault: 'v1', view, apiVersion: '7.4' as const };
const policyData = (...values: string[]) =>
  Buffer.from(
    JSON.stringify({
      version: '1.0',
      anyOf: [{ authority: AUTHORITY, allOf: values.map((equals) => ({ claim: 'c', equals })) }],
    }),
  ).toString('base64url');
const withCode = (code: string) => expect.objectContaining({ code });
const octKey = (rest: object = {}) => keyVault.decodeCreateKey({ kty: 'oct-HSM', ...rest });
const exportable = (rest: object = {}) =>
  octKey({ attributes: { exportable: true }, release_policy: { data: policyData('v') }, ...rest });

function aVault() {
  let now = NOW;
  let count = 0;
  const authority = anAuthority();
  const store = memoryVaultKeys();
  const keys = createKeys({
    store,
    authorityKeys: createAuthorityKeys(authority.documents),
    random: { bytes: (length) => new Uint8Array(length).fill((count += 1)) },
    clock: { now: () => now },
  });
  return {
    keys,
    store,
    authority,
    passDays: (days: number) => (now = new Date(now.getTime() + days * 86_400_000)),
  };
}

describe('create', () => {
  it('makes a version with the defaults of a vault', async () => {
    const { keys } = aVault();
    const key = await keys.create(scope, 'k', octKey());
    expect(key).toMatchObject({
      vault: 'v1',
      name: 'k',
      enabled: true,
      exportable: false,
      keyOps: ['encrypt', 'decrypt', 'wrapKey', 'unwrapKey'],
      created: NOW,
      tags: {},
    });
    expect(key.version).toMatch(/^[0-9a-f]{32}$/);
    expect(key.releasePolicy).toBeUndefined();
  });

  it('makes a new version of a name that exists', async () => {
    const { keys } = aVault();
    const first = await keys.create(scope, 'k', octKey());
    const second = await keys.create(scope, 'k', octKey());
    expect((await keys.get(scope, 'k')).version).toBe(second.version);
    expect((await keys.get(scope, 'k', first.version)).version).toBe(first.version);
    expect((await keys.versions(scope, 'k', { limit: 25 })).items).toHaveLength(2);
  });

  it('stores the policy in its canonical form', async () => {
    const { keys } = aVault();
    const { releasePolicy } = await keys.create(scope, 'k', exportable());
    expect(releasePolicy).toMatchObject({
      contentType: 'application/json; charset=utf-8',
      immutable: false,
    });
    expect(Buffer.from(releasePolicy?.data ?? '', 'base64url').toString()).toBe(
      `{"version":"1.0.0","anyOf":[{"authority":"${AUTHORITY}","allOf":[{"claim":"c","equals":"v"}]}]}`,
    );
  });

  const policy = { release_policy: { data: policyData('v') } };
  it.each([
    ['an old API version', exportable(), '7.2', 'VAULT_EXPORTABLE_UNSUPPORTED'],
    ['a software key', exportable({ kty: 'oct' }), '7.4', 'VAULT_SOFTWARE_KEY_EXPORTABLE'],
    [
      'no policy',
      octKey({ attributes: { exportable: true } }),
      '7.4',
      'VAULT_EXPORTABLE_WITHOUT_POLICY',
    ],
    ['a policy of a key that stays', octKey(policy), '7.4', 'VAULT_POLICY_WITHOUT_EXPORTABLE'],
    [
      'a policy that is none',
      exportable({ release_policy: { data: 'e30' } }),
      '7.4',
      'RELEASE_POLICY_GRAMMAR',
    ],
  ] as const)('refuses %s', async (_title, request, apiVersion, code) => {
    const { keys } = aVault();
    await expect(keys.create({ ...scope, apiVersion }, 'k', request)).rejects.toThrow(
      withCode(code),
    );
    await expect(keys.get(scope, 'k')).rejects.toThrow(withCode('VAULT_KEY_NOT_FOUND'));
  });

  it('refuses a policy whose authority cannot be reached', async () => {
    const { keys, authority } = aVault();
    authority.overrides.set(`${AUTHORITY}/certs`, undefined);
    await expect(keys.create(scope, 'k', exportable())).rejects.toThrow(
      expect.objectContaining({ code: 'VAULT_AUTHORITY_UNREACHABLE', field: AUTHORITY }),
    );
  });
});

describe('update', () => {
  it('changes what it is told and nothing else', async () => {
    const { keys, passDays } = aVault();
    const key = await keys.create(scope, 'k', exportable({ tags: { a: '1' } }));
    passDays(1);
    const change = keyVault.decodeUpdateKey({
      attributes: { enabled: false, exp: 2_000_000_000 },
      key_ops: ['encrypt'],
    });
    const updated = await keys.update(scope, 'k', key.version, change);
    expect(updated).toEqual({
      ...key,
      enabled: false,
      expires: new Date(2_000_000_000_000),
      keyOps: ['encrypt'],
      updated: new Date('2026-03-02T12:00:00Z'),
    });
    expect(await keys.get(scope, 'k')).toEqual(updated);
  });

  it('does not undo what another caller made immutable meanwhile', async () => {
    const { keys } = aVault();
    await keys.create(scope, 'k', exportable());
    const policy = (value: string, immutable: boolean) =>
      keyVault.decodeUpdateKey({ release_policy: { data: policyData(value), immutable } });
    const outcomes = await Promise.allSettled([
      keys.update(scope, 'k', undefined, policy('w', true)),
      keys.update(scope, 'k', undefined, policy('x', false)),
    ]);
    const { releasePolicy } = await keys.get(scope, 'k');
    expect(releasePolicy?.immutable).toBe(true);
    expect(outcomes.map(({ status }) => status)).toContain('fulfilled');
  });

  it('gives up on a key that others change all the time', async () => {
    const { keys, store } = aVault();
    await keys.create(scope, 'k', exportable());
    jest.spyOn(store, 'update').mockResolvedValue('changed');
    const change = keyVault.decodeUpdateKey({ key_ops: ['encrypt'] });
    await expect(keys.update(scope, 'k', undefined, change)).rejects.toThrow(
      withCode('VAULT_KEY_CONTENDED'),
    );
  });

  it('replaces the policy of the newest version', async () => {
    const { keys } = aVault();
    await keys.create(scope, 'k', exportable());
    const change = keyVault.decodeUpdateKey({
      release_policy: { data: policyData('w'), immutable: true },
    });
    const { releasePolicy } = await keys.update(scope, 'k', undefined, change);
    expect(releasePolicy).toMatchObject({
      data: expect.not.stringMatching(policyData('v')) as string,
      immutable: true,
    });
    await expect(keys.update(scope, 'k', undefined, change)).rejects.toThrow(
      withCode('VAULT_POLICY_IMMUTABLE'),
    );
  });

  it.each([
    [
      'exportable of a key',
      { attributes: { exportable: false } },
      undefined,
      'VAULT_EXPORTABLE_FIXED',
    ],
    [
      'the policy of a version',
      { release_policy: { data: policyData('w') } },
      'newest',
      'VAULT_POLICY_OF_VERSION',
    ],
    [
      'to a policy that is none',
      { release_policy: { data: '!' } },
      undefined,
      'RELEASE_POLICY_MALFORMED',
    ],
  ])('does not change %s', async (_title, body, which, code) => {
    const { keys } = aVault();
    const key = await keys.create(scope, 'k', exportable());
    const change = keyVault.decodeUpdateKey(body);
    const version = which === undefined ? undefined : key.version;
    await expect(keys.update(scope, 'k', version, change)).rejects.toThrow(withCode(code));
    expect(await keys.get(scope, 'k')).toEqual(key);
  });

  it('takes exportable as it is', async () => {
    const { keys } = aVault();
    await keys.create(scope, 'k', octKey());
    const change = keyVault.decodeUpdateKey({ attributes: { exportable: false } });
    await expect(keys.update(scope, 'k', undefined, change)).resolves.toBeDefined();
    const policed = keyVault.decodeUpdateKey({ release_policy: { data: policyData('v') } });
    await expect(keys.update(scope, 'k', undefined, policed)).rejects.toThrow(
      withCode('VAULT_POLICY_WITHOUT_EXPORTABLE'),
    );
  });

  it('misses a key that is not there', async () => {
    const { keys } = aVault();
    await expect(keys.update(scope, 'k', undefined, { attributes: {} })).rejects.toThrow(
      expect.objectContaining({ code: 'VAULT_KEY_NOT_FOUND', field: 'k' }),
    );
  });
});

describe('soft delete', () => {
  it('hides the key, holds its name, and gives it back', async () => {
    const { keys } = aVault();
    const key = await keys.create(scope, 'k', octKey());
    const deleted = await keys.delete(scope, 'k');
    expect(deleted.purgeAt.getTime() - deleted.deletedAt.getTime()).toBe(
      RECOVERABLE_DAYS * 86_400_000,
    );
    await expect(keys.get(scope, 'k')).rejects.toThrow(withCode('VAULT_KEY_NOT_FOUND'));
    await expect(keys.delete(scope, 'k')).rejects.toThrow(withCode('VAULT_KEY_NOT_FOUND'));
    await expect(keys.create(scope, 'k', octKey())).rejects.toThrow(withCode('VAULT_NAME_DELETED'));
    expect((await keys.listDeleted(scope, { limit: 25 })).items).toHaveLength(1);
    expect(await keys.recover(scope, 'k')).toEqual(key);
    expect(await keys.get(scope, 'k')).toEqual(key);
  });

  it('purges for good', async () => {
    const { keys } = aVault();
    await keys.create(scope, 'k', octKey());
    await keys.delete(scope, 'k');
    await keys.purge(scope, 'k');
    for (const gone of [
      keys.getDeleted(scope, 'k'),
      keys.recover(scope, 'k'),
      keys.purge(scope, 'k'),
    ]) {
      await expect(gone).rejects.toThrow(withCode('VAULT_DELETED_KEY_NOT_FOUND'));
    }
    await expect(keys.create(scope, 'k', octKey())).resolves.toBeDefined();
  });

  it('lets go of a name when its time has run out', async () => {
    const { keys, passDays } = aVault();
    await keys.create(scope, 'k', octKey());
    await keys.delete(scope, 'k');
    passDays(RECOVERABLE_DAYS);
    expect((await keys.listDeleted(scope, { limit: 25 })).items).toEqual([]);
    await expect(keys.create(scope, 'k', octKey())).resolves.toBeDefined();
  });

  it('purges a key whose time has run out before it can be recovered', async () => {
    const { keys, passDays } = aVault();
    await keys.create(scope, 'k', octKey());
    await keys.delete(scope, 'k');
    passDays(RECOVERABLE_DAYS);
    await expect(keys.recover(scope, 'k')).rejects.toThrow(withCode('VAULT_DELETED_KEY_NOT_FOUND'));
  });
});

describe('vaults', () => {
  it('do not see each other', async () => {
    const { keys } = aVault();
    await keys.create(scope, 'k', octKey());
    await expect(keys.get({ ...scope, vault: 'v2' }, 'k')).rejects.toThrow(
      withCode('VAULT_KEY_NOT_FOUND'),
    );
    expect((await keys.list({ ...scope, vault: 'v2' }, { limit: 25 })).items).toEqual([]);
  });
});
