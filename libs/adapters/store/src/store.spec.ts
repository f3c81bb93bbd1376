import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { SigningKeyRecord, StoredDecision } from '@touchstone/ports';
import { backends, type TestBackend } from './__fixtures__/backends';
import { openStore, type Store } from './open-store';

const kek = new Uint8Array(32).fill(1);
const at = (second: number): Date => new Date(Date.UTC(2026, 0, 1, 0, 0, second));
const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

describe.each(backends)('the store over $name', (backend: TestBackend) => {
  let store: Store;
  let place: ReturnType<TestBackend['place']>;
  const reopen = async (): Promise<void> => {
    await store.close();
    store = await openStore({ ...place.options, kek });
  };

  beforeEach(async () => {
    place = backend.place();
    store = await openStore({ ...place.options, kek, maxDecisions: 5 });
  });
  afterEach(async () => {
    await store.close();
    await place.remove();
  });

  it('answers a ping', async () => {
    await expect(store.ping()).resolves.toBeUndefined();
  });

  it('is not opened under another key-encryption key', async () => {
    const other = openStore({ ...place.options, kek: new Uint8Array(32).fill(2) });
    await expect(other).rejects.toMatchObject({ code: 'STORE_KEK_MISMATCH' });
  });

  describe('signing keys', () => {
    const record: SigningKeyRecord = {
      id: 'key-1',
      purpose: 'identity',
      privateKey: bytes(1, 2, 3),
      certificates: [bytes(4, 5), bytes(6)],
      createdAt: at(1),
    };

    it('come back as they were, also from a store that was opened again', async () => {
      expect(await store.signingKeys.add(record)).toBe('inserted');
      await reopen();
      expect(await store.signingKeys.list('identity')).toEqual([record]);
    });

    it('are listed by purpose, newest first', async () => {
      await store.signingKeys.add({ ...record, id: 'old', createdAt: at(0) });
      await store.signingKeys.add({ ...record, id: 'new', createdAt: at(2) });
      await store.signingKeys.add({ ...record, id: 'newer of the same time', createdAt: at(2) });
      await store.signingKeys.add({ ...record, id: 'other', purpose: 'vault-release' });
      const ids = (await store.signingKeys.list('identity')).map(({ id }) => id);
      expect(ids).toEqual(['newer of the same time', 'new', 'old']);
    });

    it('are not replaced', async () => {
      await store.signingKeys.add(record);
      expect(await store.signingKeys.add({ ...record, privateKey: bytes(9) })).toBe('exists');
      expect(await store.signingKeys.list('identity')).toEqual([record]);
    });

    it('retire once', async () => {
      await store.signingKeys.add(record);
      await store.signingKeys.retire('key-1', at(5));
      await store.signingKeys.retire('key-1', at(9));
      expect(await store.signingKeys.list('identity')).toEqual([{ ...record, retiredAt: at(5) }]);
    });

    const retirements = async (): Promise<unknown[]> =>
      (await store.signingKeys.list('identity')).map(({ id, retiredAt }) => [id, retiredAt]);
    const next = (id: string, second: number) => ({ ...record, id, createdAt: at(second) });

    it('give way to the next one of their purpose, the latest of them first', async () => {
      await store.signingKeys.add(record);
      await store.signingKeys.add({ ...record, id: 'other', purpose: 'vault-release' });
      expect(await store.signingKeys.rotate(next('key-2', 2), at(60))).toBe('inserted');
      await reopen();
      expect(await retirements()).toEqual([
        ['key-2', undefined],
        ['key-1', at(60)],
      ]);
      expect(await store.signingKeys.list('vault-release')).toHaveLength(1);
    });

    it('give way at once when the one after the next comes sooner', async () => {
      await store.signingKeys.add(record);
      await store.signingKeys.rotate(next('key-2', 2), at(50));
      await store.signingKeys.rotate(next('key-3', 3), at(3));
      await store.signingKeys.rotate(next('key-4', 4), at(60));
      expect(await retirements()).toEqual([
        ['key-4', undefined],
        ['key-3', at(60)],
        ['key-2', at(3)],
        ['key-1', at(3)],
      ]);
    });

    it('give way to nobody whose name is taken', async () => {
      await store.signingKeys.add(record);
      await store.signingKeys.add(next('key-2', 2));
      expect(await store.signingKeys.rotate(next('key-2', 3), at(3))).toBe('exists');
      expect(await retirements()).toEqual([
        ['key-2', undefined],
        ['key-1', undefined],
      ]);
    });

    it('are forgotten some time after they were retired', async () => {
      await store.signingKeys.add(record);
      await store.signingKeys.rotate(next('key-2', 2), at(10));
      await store.signingKeys.rotate(next('key-3', 3), at(20));
      await store.signingKeys.forgetRetired('identity', at(10));
      expect(await retirements()).toHaveLength(3);
      await store.signingKeys.forgetRetired('identity', at(11));
      expect((await retirements()).at(-1)).toEqual(['key-2', at(20)]);
    });
  });

  describe('documents', () => {
    const document = (key: string, ...body: number[]) => ({
      key,
      body: bytes(...body),
      contentType: 'application/json',
      headers: { 'tcb-info-issuer-chain': '%0A' },
      fetchedAt: at(3),
    });

    it('keep body, headers and time to the byte', async () => {
      await store.documents.put([document('tcb/a', 0, 255, 10)]);
      await reopen();
      expect(await store.documents.get('tcb/a')).toEqual(document('tcb/a', 0, 255, 10));
      expect(await store.documents.get('tcb/b')).toBeUndefined();
    });

    it('are replaced', async () => {
      await store.documents.put([document('tcb/a', 1)]);
      await store.documents.put([document('tcb/a', 2)]);
      expect((await store.documents.get('tcb/a'))?.body).toEqual(bytes(2));
    });

    it('are all written or none', async () => {
      const broken = { ...document('b', 1), fetchedAt: new Date(Number.NaN) };
      await expect(store.documents.put([document('a', 1), broken])).rejects.toThrow();
      expect(await store.documents.keys('')).toEqual([]);
    });

    it('are found by prefix, in order, with nothing read as a wildcard', async () => {
      await store.documents.put(
        ['p/b', 'p/a', 'P/a', 'p%', 'p_', 'q'].map((key) => document(key, 1)),
      );
      expect(await store.documents.keys('p/')).toEqual(['p/a', 'p/b']);
      expect(await store.documents.keys('p%')).toEqual(['p%']);
      expect(await store.documents.keys('')).toEqual(['P/a', 'p%', 'p/a', 'p/b', 'p_', 'q']);
    });

    it('are deleted', async () => {
      await store.documents.put([document('a', 1)]);
      await store.documents.delete('a');
      await store.documents.delete('a');
      expect(await store.documents.get('a')).toBeUndefined();
    });
  });

  describe('fuses', () => {
    const platform = {
      ppid: '00'.repeat(16),
      rootProvisioningKey: new Uint8Array(16).fill(8),
      model: 'ice-lake',
      createdAt: at(1),
    };

    it('are written once', async () => {
      expect(await store.fuses.add(platform)).toBe('inserted');
      expect(await store.fuses.add({ ...platform, model: 'other' })).toBe('exists');
      await reopen();
      expect(await store.fuses.find(platform.ppid)).toEqual(platform);
      expect(await store.fuses.list()).toEqual([platform]);
      expect(await store.fuses.find('11'.repeat(16))).toBeUndefined();
    });
  });

  describe('settings', () => {
    it('hold any JSON value, the newest', async () => {
      expect(await store.settings.get('state')).toBeUndefined();
      await store.settings.set('state', { number: 1 });
      await store.settings.set('state', { list: [null, 'ü', 1.5] });
      await reopen();
      expect(await store.settings.get('state')).toEqual({ list: [null, 'ü', 1.5] });
    });
  });

  describe('decisions', () => {
    const decision = (number: number): StoredDecision => ({
      requestId: `request-${number}`,
      service: 'key-vault',
      at: at(number),
      record: JSON.stringify({ number }),
    });

    it('are found by request id', async () => {
      await store.decisions.append(decision(1));
      await reopen();
      expect(await store.decisions.find('request-1')).toEqual(decision(1));
      expect(await store.decisions.find('request-2')).toBeUndefined();
    });

    it('are listed newest first', async () => {
      for (const number of [1, 2, 3]) await store.decisions.append(decision(number));
      expect(await store.decisions.recent(2)).toEqual([decision(3), decision(2)]);
    });

    it('that arrive together are all written', async () => {
      await Promise.all([1, 2, 3, 4].map((number) => store.decisions.append(decision(number))));
      expect(await store.decisions.recent(10)).toHaveLength(4);
    });

    it('give way, the oldest first', async () => {
      for (let number = 0; number < 13; number++) await store.decisions.append(decision(number));
      const kept = await store.decisions.recent(100);
      expect(kept[0]).toEqual(decision(12));
      expect(kept.length).toBeGreaterThanOrEqual(5);
      expect(kept.length).toBeLessThan(10);
    });
  });
});

describe('a store that cannot be opened', () => {
  it('says so for a file', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'touchstone-store-'));
    const refusal = openStore({ file: folder, kek });
    await expect(refusal).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE', field: folder });
    rmSync(folder, { recursive: true });
  });

  it('says so for a server, without its password', async () => {
    const refusal = openStore({ url: 'postgres://user:hush@127.0.0.1:1/none', kek });
    await expect(refusal).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    await expect(refusal).rejects.not.toThrow('hush');
  });

  it('says so when nothing is named', async () => {
    await expect(openStore({ kek })).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  });

  it('wants a key of the right length', async () => {
    await expect(openStore({ kek: kek.subarray(1), file: ':memory:' })).rejects.toMatchObject({
      code: 'STORE_KEK_MISMATCH',
    });
  });
});
