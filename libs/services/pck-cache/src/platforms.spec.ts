import { MAX_RAW_TCBS } from './platforms';
import {
  down,
  FMSPC,
  LEVELS,
  notFound,
  pckPem,
  query,
  tcbInfoBody,
  tcbmOf,
  TestCache,
  type Svns,
} from './__fixtures__/upstream';

const NEWEST: Svns = [13, 1, 15];
const OLD: Svns = [12, 1, 13];

const pckAsked = (test: TestCache) =>
  test.upstream.asked.filter((name) => name.startsWith('pckcerts')).length;

describe('a PCK certificate', () => {
  it('is that of the platform’s TCB', async () => {
    const { cache } = new TestCache();
    const served = await cache.pckCertificate(query(NEWEST));
    expect({ ...served, body: Buffer.from(served.body).toString() }).toEqual({
      body: pckPem(NEWEST),
      tcbm: tcbmOf(NEWEST),
      fmspc: FMSPC,
      ca: 'processor',
      issuerChain: 'pck-chain',
    });
  });

  it('is fetched once however many ask, for whatever TCB', async () => {
    const test = new TestCache();
    const asking = [NEWEST, OLD, NEWEST, OLD].map((svns) => test.cache.pckCertificate(query(svns)));
    const served = await Promise.all(asking);
    expect(served.map(({ tcbm }) => tcbm)).toEqual([NEWEST, OLD, NEWEST, OLD].map(tcbmOf));
    expect(pckAsked(test)).toBe(1);
  });

  it('is served by the next process from its store, upstream or not', async () => {
    const test = new TestCache();
    await test.cache.pckCertificate(query(NEWEST));
    test.upstream.failure = down();
    const { encryptedPpid: _, ...known } = query(NEWEST);
    expect((await test.restart().pckCertificate(known)).tcbm).toBe(tcbmOf(NEWEST));
    expect((await test.cache.pckCertificate(query(OLD))).tcbm).toBe(tcbmOf(OLD));
  });

  it('stays the one that was chosen, though the TCB info changes', async () => {
    const test = new TestCache();
    const raw: Svns = [13, 1, 15];
    await test.cache.pckCertificate(query(raw));
    test.upstream.tcbBody = tcbInfoBody([OLD]);
    await test.cache.refresh();
    expect((await test.restart().pckCertificate(query(raw))).tcbm).toBe(tcbmOf(raw));
  });

  it('is ranked by the standard TCB info when there is no early one', async () => {
    const { cache, upstream } = new TestCache();
    upstream.earlyFailure = notFound();
    expect((await cache.pckCertificate(query(NEWEST))).tcbm).toBe(tcbmOf(NEWEST));
  });

  it('is refused when the raw TCB reaches none', async () => {
    const { cache } = new TestCache();
    await expect(cache.pckCertificate(query([1, 0, 1]))).rejects.toMatchObject({
      code: 'PCK_CACHE_NO_DATA',
    });
  });

  it('is remembered for a limited number of raw TCBs', async () => {
    const test = new TestCache();
    for (let count = 0; count < MAX_RAW_TCBS + 3; count++) {
      const { tcbm } = await test.cache.pckCertificate(query([13, count, 15]));
      expect(tcbm).toBe(tcbmOf(count === 0 ? [13, 0, 15] : NEWEST));
    }
    expect(await test.store.keys('platform-tcb/')).toHaveLength(MAX_RAW_TCBS);
  });

  it.each([
    ['is absent', undefined],
    ['is all zeros', '0'.repeat(768)],
  ])('is refused for an unknown platform whose PPID %s', async (_name, encryptedPpid) => {
    const test = new TestCache();
    const { encryptedPpid: _, ...rest } = query(NEWEST);
    const asked = encryptedPpid === undefined ? rest : { ...rest, encryptedPpid };
    await expect(test.cache.pckCertificate(asked)).rejects.toMatchObject({
      code: 'PCK_CACHE_NO_DATA',
    });
    expect(pckAsked(test)).toBe(0);
  });

  it.each([
    ['is down', down(), 'PCK_CACHE_UPSTREAM_FAILED'],
    ['does not know it', notFound(), 'PCK_CACHE_NO_DATA'],
  ])('is refused for an unknown platform when the upstream %s', async (_name, failure, code) => {
    const { cache, upstream } = new TestCache();
    upstream.failure = failure;
    await expect(cache.pckCertificate(query(NEWEST))).rejects.toMatchObject({ code });
  });

  it.each(['REQ', 'OFFLINE'] as const)(
    'is refused for an unknown platform in mode %s',
    async (mode) => {
      const { cache } = new TestCache({ mode });
      await expect(cache.pckCertificate(query(NEWEST))).rejects.toMatchObject({
        code: 'PCK_CACHE_PLATFORM_UNKNOWN',
      });
    },
  );

  it('is refused when the authority has none at all', async () => {
    const { cache, upstream } = new TestCache();
    upstream.entries = LEVELS.map((svns) => ({ tcbm: tcbmOf(svns) }));
    await expect(cache.pckCertificate(query(NEWEST))).rejects.toMatchObject({
      code: 'PCK_CACHE_CERTIFICATES_UNAVAILABLE',
    });
  });

  it('is looked for again while some were not available', async () => {
    const test = new TestCache();
    const whole = test.upstream.entries;
    test.upstream.entries = whole.map((entry, index) =>
      index === 0 ? { tcbm: entry.tcbm } : entry,
    );
    expect((await test.cache.pckCertificate(query(NEWEST))).tcbm).toBe(tcbmOf([13, 0, 15]));
    test.upstream.failure = down();
    expect((await test.cache.pckCertificate(query(NEWEST))).tcbm).toBe(tcbmOf([13, 0, 15]));
    test.upstream.failure = undefined;
    test.upstream.entries = whole;
    expect((await test.cache.pckCertificate(query(NEWEST))).tcbm).toBe(tcbmOf(NEWEST));
    expect(pckAsked(test)).toBe(3);
  });
});

describe('refreshCertificates', () => {
  const NEXT: Svns = [14, 1, 15];
  const recover = (test: TestCache) => {
    const levels = [NEXT, ...LEVELS];
    test.upstream.tcbBody = tcbInfoBody(levels);
    test.upstream.entries = levels.map((svns) => ({
      tcbm: tcbmOf(svns),
      certificate: pckPem(svns),
    }));
  };

  it('chooses anew for every TCB that was asked about', async () => {
    const test = new TestCache();
    // The platform is ahead of what is certified so far.
    expect((await test.cache.pckCertificate(query(NEXT))).tcbm).toBe(tcbmOf(NEWEST));
    recover(test);
    await test.cache.refresh();
    expect(await test.cache.refreshCertificates(FMSPC)).toEqual({ refreshed: 1, failed: [] });
    expect((await test.cache.pckCertificate(query(NEXT))).tcbm).toBe(tcbmOf(NEXT));
    expect((await test.restart().pckCertificate(query(NEXT))).tcbm).toBe(tcbmOf(NEXT));
  });

  it('passes other FMSPCs over', async () => {
    const test = new TestCache();
    await test.cache.pckCertificate(query(NEWEST));
    expect(await test.cache.refreshCertificates('000000000000')).toEqual({
      refreshed: 0,
      failed: [],
    });
  });

  it('keeps what it cannot renew', async () => {
    const test = new TestCache();
    await test.cache.pckCertificate(query(NEWEST, { qeId: 'odd/one %' }));
    test.upstream.failure = down();
    expect(await test.cache.refreshCertificates()).toEqual({ refreshed: 0, failed: ['odd/one %'] });
    expect((await test.cache.pckCertificate(query(NEWEST, { qeId: 'odd/one %' }))).tcbm).toBe(
      tcbmOf(NEWEST),
    );
  });
});
