import { randomBytes } from 'node:crypto';
import type { VaultKeyVersion } from '@touchstone/ports';
import { backends, type TestBackend } from './__fixtures__/backends';
import { openStore, type Store } from './open-store';

const kek = new Uint8Array(32).fill(1);
const at = (second: number): Date => new Date(Date.UTC(2026, 0, 1, 0, 0, second));

const aKey = (changes: Partial<VaultKeyVersion> = {}): VaultKeyVersion => ({
  vault: 'vault-a',
  name: 'key-1',
  version: randomBytes(16).toString('hex'),
  kty: 'RSA-HSM',
  keyOps: ['wrapKey', 'unwrapKey'],
  material: Uint8Array.of(1, 2, 3, 255),
  publicJwk: { n: 'AQAB', e: 'AQAB' },
  enabled: true,
  exportable: true,
  created: at(1),
  updated: at(1),
  tags: { purpose: 'test' },
  ...changes,
});

const full = {
  crv: 'P-256',
  notBefore: at(2),
  expires: at(3),
  releasePolicy: { contentType: 'application/json; charset=utf-8', data: 'e30', immutable: true },
};

describe.each(backends)('vault keys over $name', (backend: TestBackend) => {
  let place: ReturnType<TestBackend['place']>;
  let store: Store;
  let keys: Store['vaultKeys'];

  beforeEach(async () => {
    place = backend.place();
    store = await openStore({ ...place.options, kek });
    keys = store.vaultKeys;
  });
  afterEach(async () => {
    await store.close();
    await place.remove();
  });

  it('come back as they were', async () => {
    const plain = aKey();
    const complete = aKey({ ...full, name: 'key-2' });
    expect(await keys.insert(plain)).toBe('inserted');
    expect(await keys.insert(complete)).toBe('inserted');
    expect(await keys.get('vault-a', 'key-1')).toEqual(plain);
    expect(await keys.get('vault-a', 'key-2')).toEqual(complete);
    expect(await keys.get('vault-b', 'key-1')).toBeUndefined();
  });

  it('have versions, the one written last being the newest', async () => {
    const first = aKey({ version: 'f'.repeat(32) });
    const second = aKey({ version: '0'.repeat(32) });
    await keys.insert(first);
    await keys.insert(second);
    expect(await keys.get('vault-a', 'key-1')).toEqual(second);
    expect(await keys.get('vault-a', 'key-1', first.version)).toEqual(first);
    expect(await keys.get('vault-a', 'key-1', 'e'.repeat(32))).toBeUndefined();
  });

  it('are never written twice under one version', async () => {
    const key = aKey();
    await keys.insert(key);
    await expect(keys.insert({ ...key, material: Uint8Array.of(9) })).rejects.toThrow();
    expect(await keys.get('vault-a', 'key-1')).toEqual(key);
  });

  it('are listed by name, page by page, each by its newest version', async () => {
    for (const name of ['c', 'a', 'b']) await keys.insert(aKey({ name }));
    const newest = aKey({ name: 'b' });
    await keys.insert(newest);
    await keys.insert(aKey({ vault: 'vault-b', name: 'other' }));
    const first = await keys.list('vault-a', 2);
    expect(first.items.map(({ name }) => name)).toEqual(['a', 'b']);
    expect(first.items[1]).toEqual(newest);
    const second = await keys.list('vault-a', 2, first.next);
    expect(second.items.map(({ name }) => name)).toEqual(['c']);
    expect(second.next).toBeUndefined();
  });

  it('list their versions page by page', async () => {
    const versions = ['1', '2', '3'].map((digit) => digit.repeat(32));
    for (const version of versions) await keys.insert(aKey({ version }));
    const first = await keys.versions('vault-a', 'key-1', 2);
    const second = await keys.versions('vault-a', 'key-1', 2, first.next);
    const seen = [...first.items, ...second.items].map(({ version }) => version);
    expect(seen).toEqual(versions);
    expect(second.next).toBeUndefined();
    expect((await keys.versions('vault-a', 'nobody', 2)).items).toEqual([]);
  });

  it('change in all but their material', async () => {
    const key = aKey();
    await keys.insert(key);
    const changed = { ...key, ...full, enabled: false, tags: {}, updated: at(9) };
    expect(await keys.update({ ...changed, material: Uint8Array.of(9) }, key)).toBe('updated');
    expect(await keys.get('vault-a', 'key-1')).toEqual(changed);
    const other = aKey();
    expect(await keys.update(other, other)).toBe('gone');
    const nobody = aKey({ name: 'nobody' });
    expect(await keys.update(nobody, nobody)).toBe('gone');
  });

  it('change only from what their caller saw', async () => {
    const key = aKey(full);
    await keys.insert(key);
    const seen = await keys.get('vault-a', 'key-1');
    const first = { ...key, enabled: false };
    expect(seen && (await keys.update(first, seen))).toBe('updated');
    expect(await keys.update({ ...key, tags: {} }, key)).toBe('changed');
    expect(await keys.get('vault-a', 'key-1')).toEqual(first);
  });

  describe('that are deleted', () => {
    it('are gone from sight and hold their name', async () => {
      const [first, second] = [aKey(), aKey()];
      await keys.insert(first);
      await keys.insert(second);
      const deleted = { key: second, deletedAt: at(5), purgeAt: at(50) };
      expect(await keys.markDeleted('vault-a', 'key-1', at(5), at(50))).toEqual(deleted);
      expect(await keys.get('vault-a', 'key-1')).toBeUndefined();
      expect(await keys.get('vault-a', 'key-1', first.version)).toBeUndefined();
      expect((await keys.list('vault-a', 10)).items).toEqual([]);
      expect((await keys.versions('vault-a', 'key-1', 10)).items).toEqual([]);
      expect(await keys.insert(aKey())).toBe('deleted');
      expect(await keys.update(second, second)).toBe('gone');
      expect(await keys.getDeleted('vault-a', 'key-1')).toEqual(deleted);
      expect((await keys.listDeleted('vault-a', 10)).items).toEqual([deleted]);
    });

    it('are deleted once', async () => {
      await keys.insert(aKey());
      await keys.markDeleted('vault-a', 'key-1', at(5), at(50));
      expect(await keys.markDeleted('vault-a', 'key-1', at(6), at(60))).toBeUndefined();
      expect(await keys.markDeleted('vault-a', 'nobody', at(6), at(60))).toBeUndefined();
    });

    it('come back whole', async () => {
      const [first, second] = [aKey(), aKey()];
      await keys.insert(first);
      await keys.insert(second);
      await keys.markDeleted('vault-a', 'key-1', at(5), at(50));
      expect(await keys.recover('vault-a', 'key-1')).toEqual(second);
      expect(await keys.get('vault-a', 'key-1', first.version)).toEqual(first);
      expect(await keys.getDeleted('vault-a', 'key-1')).toBeUndefined();
      expect(await keys.recover('vault-a', 'key-1')).toBeUndefined();
    });

    it('go for good', async () => {
      const key = aKey();
      await keys.insert(key);
      expect(await keys.purge('vault-a', 'key-1')).toBe(false);
      await keys.markDeleted('vault-a', 'key-1', at(5), at(50));
      expect(await keys.purge('vault-a', 'key-1')).toBe(true);
      expect(await keys.getDeleted('vault-a', 'key-1')).toBeUndefined();
      expect(await keys.insert(aKey())).toBe('inserted');
      expect(await keys.get('vault-a', 'key-1', key.version)).toBeUndefined();
    });

    it('are listed page by page', async () => {
      for (const name of ['a', 'b', 'c']) {
        await keys.insert(aKey({ name }));
        await keys.markDeleted('vault-a', name, at(5), at(50));
      }
      const first = await keys.listDeleted('vault-a', 2);
      const second = await keys.listDeleted('vault-a', 2, first.next);
      expect([...first.items, ...second.items].map(({ key }) => key.name)).toEqual(['a', 'b', 'c']);
    });
  });

  it('are neither lost nor revived when they are written and deleted at once', async () => {
    await keys.insert(aKey());
    const answers = await Promise.all([
      ...Array.from({ length: 8 }, () => keys.insert(aKey())),
      keys.markDeleted('vault-a', 'key-1', at(5), at(50)),
    ]);
    expect(answers.at(-1)).toBeDefined();
    expect(await keys.get('vault-a', 'key-1')).toBeUndefined();
    const inserted = answers.filter((answer) => answer === 'inserted').length;
    await keys.recover('vault-a', 'key-1');
    expect((await keys.versions('vault-a', 'key-1', 100)).items).toHaveLength(inserted + 1);
  });
});
