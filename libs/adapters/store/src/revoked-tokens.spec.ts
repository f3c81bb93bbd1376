import { backends, type TestBackend } from './__fixtures__/backends';
import { openStore, type Store } from './open-store';

const kek = new Uint8Array(32).fill(1);
const AT = new Date('2026-01-02T03:04:05.006Z');
const after = (seconds: number): Date => new Date(AT.getTime() + seconds * 1000);
const aToken = (digest: string, seconds = 10, provider = 'contoso') => ({
  provider,
  digest,
  expiresAt: after(seconds),
});

describe.each(backends)('revoked tokens over $name', (backend: TestBackend) => {
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

  it('are kept in order, each once, also over a restart', async () => {
    for (const digest of ['b', 'a', 'b'])
      expect(await store.revokedTokens.add(aToken(digest), 9, AT)).toBe('kept');
    await store.close();
    store = await openStore({ ...place.options, kek });
    expect(await store.revokedTokens.list('contoso', AT)).toEqual(['b', 'a']);
  });

  it('are those of their provider', async () => {
    await store.revokedTokens.add(aToken('a', 10, 'fabrikam'), 9, AT);
    expect(await store.revokedTokens.list('contoso', AT)).toEqual([]);
  });

  it('are listed until they are over', async () => {
    await store.revokedTokens.add(aToken('a', 10), 9, AT);
    expect(await store.revokedTokens.list('contoso', after(9))).toEqual(['a']);
    expect(await store.revokedTokens.list('contoso', after(10))).toEqual([]);
  });

  it('are so many at most, until one is over', async () => {
    await store.revokedTokens.add(aToken('a', 10), 2, AT);
    await store.revokedTokens.add(aToken('b', 20), 2, AT);
    expect(await store.revokedTokens.add(aToken('c', 20), 2, AT)).toBe('full');
    expect(await store.revokedTokens.add(aToken('b', 20), 2, AT)).toBe('kept');
    expect(await store.revokedTokens.add(aToken('c', 20), 2, after(10))).toBe('kept');
    expect(await store.revokedTokens.list('contoso', after(10))).toEqual(['b', 'c']);
  });
});
