import type { AttestationProviderRecord } from '@touchstone/ports';
import { backends, type TestBackend } from './__fixtures__/backends';
import { openStore, type Store } from './open-store';

const kek = new Uint8Array(32).fill(1);
const record: AttestationProviderRecord = {
  id: 'id-1',
  name: 'contoso',
  region: 'eastus2',
  trustModel: 'Isolated',
  state: 'NotReady',
  signers: [Uint8Array.of(1, 2), Uint8Array.of(3)],
  policies: { SgxEnclave: 'eyJhbGciOiJub25lIn0.eyJh "\\\u00fc".' },
  createdAt: new Date('2026-01-02T03:04:05.006Z'),
  revision: 0,
};

describe.each(backends)('attestation providers over $name', (backend: TestBackend) => {
  let store: Store;
  let place: ReturnType<TestBackend['place']>;

  beforeEach(async () => {
    place = backend.place();
    store = await openStore({ ...place.options, kek });
  });
  afterEach(async () => {
    await store.close();
    await place.remove();
  });

  it('come back as they were, also from a store that was opened again', async () => {
    expect(await store.attestationProviders.add(record)).toBe('inserted');
    await store.close();
    store = await openStore({ ...place.options, kek });
    expect(await store.attestationProviders.find('contoso')).toEqual(record);
    expect(await store.attestationProviders.list()).toEqual([record]);
  });

  it('have a name each', async () => {
    await store.attestationProviders.add(record);
    expect(await store.attestationProviders.add({ ...record, id: 'id-2' })).toBe('exists');
    expect(await store.attestationProviders.find('contoso')).toMatchObject({ id: 'id-1' });
  });

  it('are listed by name', async () => {
    for (const name of ['b', 'a', 'c'])
      await store.attestationProviders.add({ ...record, id: name, name });
    const names = (await store.attestationProviders.list()).map(({ name }) => name);
    expect(names).toEqual(['a', 'b', 'c']);
  });

  it('are replaced once for each revision, whoever comes at the same time', async () => {
    await store.attestationProviders.add(record);
    const outcomes = await Promise.all(
      ['p1', 'p2', 'p3'].map((policy) =>
        store.attestationProviders.replace({ ...record, policies: { SgxEnclave: policy } }),
      ),
    );
    expect([...outcomes].sort()).toEqual(['replaced', 'stale', 'stale']);
    const winner = ['p1', 'p2', 'p3'][outcomes.indexOf('replaced')];
    expect(await store.attestationProviders.find('contoso')).toEqual({
      ...record,
      policies: { SgxEnclave: winner },
      revision: 1,
    });
  });

  it('are not replaced by what was read before they were deleted and made again', async () => {
    await store.attestationProviders.add(record);
    expect(await store.attestationProviders.remove('id-1')).toBe('removed');
    await store.attestationProviders.add({ ...record, id: 'id-2', policies: {} });
    expect(await store.attestationProviders.replace(record)).toBe('stale');
    expect(await store.attestationProviders.find('contoso')).toMatchObject({ policies: {} });
  });

  it('are gone when they are removed, and there is nothing to remove then', async () => {
    await store.attestationProviders.add(record);
    expect(await store.attestationProviders.remove('id-1')).toBe('removed');
    expect(await store.attestationProviders.find('contoso')).toBeUndefined();
    expect(await store.attestationProviders.remove('id-1')).toBe('absent');
  });
});
