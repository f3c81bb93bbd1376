import type { CachedDocument, DocumentCache } from '@touchstone/ports';
import { aMachine, logger, NOW, servedCertificate } from './__fixtures__/machine';
import { createPckCertificates } from './pck-certificates';
import type { ServedPckCertificate } from './ports';

const machine = aMachine(() => ({}));
const DAY_MS = 24 * 60 * 60 * 1000;

function memoryDocuments(): DocumentCache {
  const documents = new Map<string, CachedDocument>();
  return {
    get: async (key) => documents.get(key),
    keys: async () => [...documents.keys()],
    put: async (all) => all.forEach((document) => documents.set(document.key, document)),
    delete: async (key) => void documents.delete(key),
  };
}

interface Setting {
  readonly documents?: DocumentCache;
  readonly serve?: () => Promise<ServedPckCertificate>;
  readonly now?: Date;
}

function certificates({ documents = memoryDocuments(), serve, now = NOW }: Setting = {}) {
  let asked = 0;
  const pck = createPckCertificates({
    request: () => machine.quoting.pckRequest(),
    source: {
      pckCertificate: async () => {
        asked++;
        return serve === undefined ? servedCertificate() : serve();
      },
    },
    documents,
    clock: { now: () => now },
    logger,
  });
  return { pck, asked: () => asked };
}

const down = () => Promise.reject(new Error('down'));

describe('the PCK certificate of the platform', () => {
  it('is asked for once, however many wait for it', async () => {
    const { pck, asked } = certificates();
    const [first] = await Promise.all([pck.current(), pck.current(), pck.current()]);
    await pck.current();
    expect(asked()).toBe(1);
    expect(first.ca).toBe('processor');
    expect(first.certification.svn.cpuSvn).toHaveLength(16);
    expect(first.certification.pckChain.match(/BEGIN CERTIFICATE/g)).toHaveLength(3);
  });

  it('outlives a restart without the cache', async () => {
    const documents = memoryDocuments();
    const first = await certificates({ documents }).pck.current();
    expect(await certificates({ documents, serve: down }).pck.current()).toEqual(first);
  });

  it('is renewed before it ends, and used to its end when it cannot be', async () => {
    const documents = memoryDocuments();
    const { notAfter } = await certificates({ documents }).pck.current();
    const soon = new Date(notAfter.getTime() - DAY_MS);
    const renewed = certificates({ documents, now: soon });
    await renewed.pck.current();
    expect(renewed.asked()).toBe(1);
    const stale = certificates({ documents, now: soon, serve: down });
    expect((await stale.pck.current()).notAfter).toEqual(notAfter);
  });

  it('is missed with a code, and asked for again the next time', async () => {
    let served: () => Promise<ServedPckCertificate> = down;
    const { pck } = certificates({ serve: () => served() });
    await expect(pck.current()).rejects.toMatchObject({ code: 'HOST_PCK_UNAVAILABLE' });
    served = async () => servedCertificate();
    await pck.current();
  });

  it('is asked for anew when somebody wants that, and for every quote after', async () => {
    const documents = memoryDocuments();
    const { pck, asked } = certificates({ documents });
    const first = await pck.current();
    const renewed = await pck.renew();
    expect(asked()).toBe(2);
    expect(renewed).not.toBe(first);
    expect(await pck.current()).toBe(renewed);
  });

  it('stays when it cannot be renewed, and whoever wanted that is told', async () => {
    let served = async () => servedCertificate();
    const { pck } = certificates({ serve: () => served() });
    const first = await pck.current();
    served = down;
    await expect(pck.renew()).rejects.toMatchObject({ code: 'HOST_PCK_UNAVAILABLE' });
    expect(await pck.current()).toBe(first);
  });

  it.each<[string, Partial<ServedPckCertificate>]>([
    ['no certificate', { certificate: '', issuerChain: '' }],
    ['a TCB that is none', { tcbm: '00' }],
  ])('is not what was served when that is %s', async (_what, change) => {
    const { pck } = certificates({ serve: async () => ({ ...servedCertificate(), ...change }) });
    await expect(pck.current()).rejects.toMatchObject({ code: 'HOST_PCK_UNAVAILABLE' });
  });
});
