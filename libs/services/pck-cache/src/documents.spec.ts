import {
  AT,
  down,
  FMSPC,
  NEXT_UPDATE,
  notFound,
  tcbInfoBody,
  TestCache,
} from './__fixtures__/upstream';
import type { DocumentName } from './document-name';
import { keyOf, nameOf } from './document-name';
import { MAX_CRL_ADDRESSES, RETRY_STALE_MS } from './documents';

const TCB = { kind: 'tcb', tee: 'sgx', version: 4, fmspc: FMSPC, update: 'standard' } as const;
const NAMES: readonly DocumentName[] = [
  TCB,
  { ...TCB, version: 3, update: 'early' },
  { ...TCB, tee: 'tdx' },
  { kind: 'identity', id: 'QE', version: 4, update: 'early' },
  { kind: 'identity', id: 'TD_QE', version: 3, update: 'standard' },
  { kind: 'pckcrl', ca: 'platform' },
  { kind: 'pckcrl', ca: 'processor' },
  { kind: 'rootcacrl' },
  { kind: 'crl', url: 'https://certificates.trustedservices.intel.com/IntelSGXRootCA.der' },
];

describe('keys of documents', () => {
  it.each(NAMES.map((name) => [keyOf(name), name] as const))('name them: %s', (key, name) => {
    expect(nameOf(key)).toEqual(name);
  });

  it.each(['platform/0000/AB', 'tcb/sgx/v5/E3A067110000/early', 'identity/QX/v4/early', ''])(
    'are not what this names: "%s"',
    (key) => {
      expect(nameOf(key)).toBeUndefined();
    },
  );
});

describe('a document', () => {
  it.each(NAMES.map((name) => [keyOf(name), name] as const))(
    'is fetched once: %s',
    async (key, name) => {
      const { cache, upstream } = new TestCache();
      const first = await cache.document(name);
      expect(await cache.document(name)).toBe(first);
      expect(upstream.asked).toEqual([key]);
    },
  );

  it('is kept as it came', async () => {
    const { cache, store } = new TestCache();
    const { body, contentType, issuerChain } = await cache.document(TCB);
    expect(body).toEqual(tcbInfoBody());
    expect({ contentType, issuerChain }).toEqual({
      contentType: 'application/json',
      issuerChain: 'chain',
    });
    expect(store.kept.get(keyOf(TCB))).toMatchObject({ body, fetchedAt: AT });
  });

  it('is fetched once however many ask at the same time', async () => {
    const { cache, upstream } = new TestCache();
    await Promise.all(Array.from({ length: 50 }, () => cache.document(TCB)));
    expect(upstream.asked).toHaveLength(1);
  });

  it('is served from the store by the next process, upstream or not', async () => {
    const test = new TestCache();
    const { body } = await test.cache.document(TCB);
    test.upstream.failure = down();
    expect((await test.restart().document(TCB)).body).toEqual(body);
    expect(test.upstream.asked).toHaveLength(1);
  });

  it('is asked for again once its next update is due', async () => {
    const test = new TestCache();
    await test.cache.document(TCB);
    test.now = NEXT_UPDATE;
    const later = new Date('2027-01-22T00:00:00Z');
    test.upstream.tcbBody = tcbInfoBody(undefined, later);
    expect((await test.cache.document(TCB)).freshUntil).toBe(later.getTime());
  });

  it('is served past its date while the upstream is down, and tried again after a while', async () => {
    const test = new TestCache();
    const { body } = await test.cache.document(TCB);
    test.now = NEXT_UPDATE;
    test.upstream.failure = down();
    expect((await test.cache.document(TCB)).body).toEqual(body);
    await test.cache.document(TCB);
    expect(test.upstream.asked).toHaveLength(2);
    test.now = new Date(NEXT_UPDATE.getTime() + RETRY_STALE_MS);
    await test.cache.document(TCB);
    expect(test.upstream.asked).toHaveLength(3);
  });

  it.each([
    ['is down', down(), 'PCK_CACHE_UPSTREAM_FAILED'],
    ['has none', notFound(), 'PCK_CACHE_NO_DATA'],
  ])('is refused when nothing is kept and the upstream %s', async (_name, failure, code) => {
    const { cache, upstream } = new TestCache();
    upstream.failure = failure;
    await expect(cache.document(TCB)).rejects.toMatchObject({ code, field: keyOf(TCB) });
  });

  it('does not hide a failure of our own', async () => {
    const { cache, upstream } = new TestCache();
    upstream.failure = new RangeError('ours');
    await expect(cache.document(TCB)).rejects.toBe(upstream.failure);
  });

  it.each(['REQ', 'OFFLINE'] as const)('is not fetched in mode %s', async (mode) => {
    const { cache, upstream } = new TestCache({ mode });
    await expect(cache.document(TCB)).rejects.toMatchObject({ code: 'PCK_CACHE_NO_DATA' });
    expect(upstream.asked).toEqual([]);
  });
});

describe('CRLs by address', () => {
  it('are not kept without end', async () => {
    const test = new TestCache();
    for (let count = 0; count < MAX_CRL_ADDRESSES + 3; count++) {
      const { body } = await test.cache.document({ kind: 'crl', url: `https://host/${count}` });
      expect(body.length).toBeGreaterThan(0);
    }
    expect(test.store.kept.size).toBe(MAX_CRL_ADDRESSES);
    expect(await test.cache.refresh()).toEqual({ refreshed: MAX_CRL_ADDRESSES, failed: [] });
  });
});

describe('refresh', () => {
  it('fetches anew what was ever asked for, and nothing else', async () => {
    const test = new TestCache();
    for (const name of NAMES) await test.cache.document(name);
    test.upstream.asked.length = 0;
    const before = test.cache.revision();
    expect(await test.restart().refresh()).toEqual({ refreshed: NAMES.length, failed: [] });
    expect(test.upstream.asked.toSorted()).toEqual(NAMES.map(keyOf).toSorted());
    expect(before).toBeGreaterThan(0);
  });

  it('swaps documents and says so', async () => {
    const test = new TestCache();
    await test.cache.document(TCB);
    const before = test.cache.revision();
    test.upstream.tcbBody = tcbInfoBody([[14, 1, 15]]);
    await test.cache.refresh();
    expect((await test.cache.document(TCB)).body).toEqual(test.upstream.tcbBody);
    expect(test.cache.revision()).toBeGreaterThan(before);
  });

  it('leaves what it cannot renew', async () => {
    const test = new TestCache();
    const { body } = await test.cache.document(TCB);
    test.upstream.failure = down();
    expect(await test.cache.refresh()).toEqual({ refreshed: 0, failed: [keyOf(TCB)] });
    expect((await test.cache.document(TCB)).body).toEqual(body);
  });

  it('is refused without an upstream', async () => {
    const { cache } = new TestCache({ mode: 'OFFLINE' });
    await expect(cache.refresh()).rejects.toMatchObject({ code: 'PCK_CACHE_OFFLINE' });
    await expect(cache.refreshCertificates()).rejects.toMatchObject({ code: 'PCK_CACHE_OFFLINE' });
  });
});
