import { X509Certificate } from 'node:crypto';
import { parseCertificate, toPem } from '@touchstone/pki';
import { memoryDocuments, movingClock } from './__fixtures__/doubles';
import { memoryKeys } from './__fixtures__/key-store';
import { seededRandom } from './__fixtures__/random';
import { KEY_OVERLAP_MS } from './key-line';
import { KEYS_FRESH_MS } from './region-keys';
import { createProviderKeys } from './signing-keys';

const ISSUER = 'https://sharedeus2.eus2.attest.azure.net';
const REGION = 'eastus2';

function aWorld() {
  const clock = movingClock(new Date('2026-01-01T00:00:00Z'));
  const kept = memoryKeys();
  const replica = () =>
    createProviderKeys({
      store: kept.store,
      documents: memoryDocuments(),
      clock,
      random: seededRandom(),
    });
  return { clock, kept, replica };
}

type Keys = ReturnType<ReturnType<typeof aWorld>['replica']>;

const kidOf = (keys: Keys, region = REGION): Promise<string> =>
  keys.withSigner(region, ISSUER, ({ kid }) => kid);
const publishedBy = async (keys: Keys): Promise<readonly string[]> =>
  (await keys.published(REGION, ISSUER)).map(({ kid }) => kid);

describe('createProviderKeys', () => {
  it('makes one key for a region, however many ask at once', async () => {
    const { replica, kept } = aWorld();
    const keys = replica();
    const [a, b] = await Promise.all([kidOf(keys), kidOf(keys)]);
    expect(a).toBe(b);
    expect(kept.records()).toHaveLength(1);
  });

  it('agrees with a replica that was faster', async () => {
    const { replica } = aWorld();
    const [a, b] = await Promise.all([kidOf(replica()), kidOf(replica())]);
    expect(a).toBe(b);
  });

  it('certifies the key in the name under which it signs', async () => {
    const [key] = await aWorld().replica().published(REGION, ISSUER);
    const certificate = new X509Certificate(toPem(key?.certificates[0] ?? new Uint8Array()));
    expect(certificate.subject).toBe(`CN=${ISSUER}`);
    expect(certificate.issuer).toBe(`CN=${ISSUER}`);
    expect(certificate.serialNumber).toBe('01');
    expect(certificate.verify(certificate.publicKey)).toBe(true);
  });

  it('certifies it for a year in the layout of 2020', async () => {
    const [key] = await aWorld().replica().published(REGION, ISSUER, '2020');
    const certificate = parseCertificate(key?.certificates[0] ?? new Uint8Array());
    expect(certificate).toMatchObject({
      notBefore: new Date('2026-01-01T00:00:00Z'),
      notAfter: new Date('2027-01-01T00:00:00Z'),
      basicConstraints: { ca: true, pathLength: 0 },
    });
  });

  it('gives different regions different keys', async () => {
    const keys = aWorld().replica();
    expect(await kidOf(keys)).not.toBe(await kidOf(keys, 'centralus'));
  });

  it('tries again after the store failed', async () => {
    const { replica, kept } = aWorld();
    const keys = replica();
    kept.fail(1);
    await expect(kidOf(keys)).rejects.toThrow();
    expect(await kidOf(keys)).toEqual(expect.any(String));
  });

  it('goes on with the keys that it has while the store fails', async () => {
    const { replica, kept, clock } = aWorld();
    const keys = replica();
    const kid = await kidOf(keys);
    clock.advance(KEYS_FRESH_MS);
    kept.fail(1);
    expect(await kidOf(keys)).toBe(kid);
  });

  it('does not hide what the work itself threw', async () => {
    const keys = aWorld().replica();
    const work = () => Promise.reject(new Error('the work'));
    await expect(keys.withSigner(REGION, ISSUER, work)).rejects.toThrow('the work');
  });

  it('has no key in a TEE region without a machine for enclaves', async () => {
    const { replica, kept } = aWorld();
    await expect(kidOf(replica(), 'uksouth')).rejects.toMatchObject({
      code: 'ATTESTATION_TEE_UNAVAILABLE',
    });
    expect(kept.records()).toEqual([]);
  });
});

describe('rotation', () => {
  it('has the new key sign at once when it is not announced, and publishes both', async () => {
    const keys = aWorld().replica();
    const old = await kidOf(keys);
    const [next, retired] = await keys.rotate(REGION, 0);
    expect(next).toMatchObject({ state: 'signing' });
    expect(retired).toMatchObject({ kid: old, state: 'retired' });
    expect(await kidOf(keys)).toBe(next?.kid);
    expect(await publishedBy(keys)).toEqual([next?.kid, old]);
  });

  it('publishes an announced key, which signs when it is time', async () => {
    const { replica, clock } = aWorld();
    const keys = replica();
    const old = await kidOf(keys);
    const [next, signing] = await keys.rotate(REGION, 60);
    expect(next).toMatchObject({ state: 'announced' });
    expect(signing).toMatchObject({ kid: old, state: 'signing' });
    expect(await publishedBy(keys)).toEqual([old, next?.kid]);
    clock.advance(59_999);
    expect(await kidOf(keys)).toBe(old);
    clock.advance(1);
    expect(await kidOf(keys)).toBe(next?.kid);
  });

  it('is seen by replicas: in what they publish at once, in what they sign soon', async () => {
    const { replica, clock } = aWorld();
    const [a, b] = [replica(), replica()];
    const old = await kidOf(b);
    const [next] = await a.rotate(REGION, 0);
    expect(await publishedBy(b)).toEqual([next?.kid, old]);
    clock.advance(KEYS_FRESH_MS);
    expect(await kidOf(b)).toBe(next?.kid);
  });

  it('of two replicas at the same moment gives one key that signs', async () => {
    const { replica } = aWorld();
    const [a, b] = [replica(), replica()];
    await kidOf(a);
    await Promise.all([a.rotate(REGION, 0), b.rotate(REGION, 0)]);
    expect(await publishedBy(a)).toEqual(await publishedBy(b));
    expect((await a.describe(REGION)).filter(({ state }) => state === 'signing')).toHaveLength(1);
  });

  it('lets the old key go when no token of it can live any more', async () => {
    const { replica, clock, kept } = aWorld();
    const keys = replica();
    const old = await kidOf(keys);
    await keys.rotate(REGION, 0);
    clock.advance(KEY_OVERLAP_MS);
    expect(await publishedBy(keys)).toContain(old);
    clock.advance(1);
    expect(await publishedBy(keys)).not.toContain(old);
    await keys.rotate(REGION, 0);
    expect(kept.records().map(({ id }) => id)).toEqual([
      'attestation/eastus2/3',
      'attestation/eastus2/2',
    ]);
  });
});
