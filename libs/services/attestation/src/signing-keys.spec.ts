import { X509Certificate } from 'node:crypto';
import { toPem } from '@touchstone/pki';
import type { SigningKeyRecord, SigningKeyStore } from '@touchstone/ports';
import { createProviderKeys } from './signing-keys';

const clock = { now: () => new Date('2026-01-01T00:00:00Z') };
const ISSUER = 'https://sharedeus2.eus2.attest.azure.net';

function aStore() {
  const records: SigningKeyRecord[] = [];
  let adds = 0;
  const store: SigningKeyStore = {
    list: async (purpose) => records.filter((record) => record.purpose === purpose),
    add: async (record) => {
      adds += 1;
      if (records.some(({ id }) => id === record.id)) return 'exists';
      records.push(record);
      return 'inserted';
    },
    retire: async () => undefined,
  };
  return { store, records, adds: () => adds };
}

describe('createProviderKeys', () => {
  it('makes one key for a region, however many ask at once', async () => {
    const { store, adds } = aStore();
    const keys = createProviderKeys({ store, clock });
    const [a, b] = await Promise.all([
      keys.signer('eastus2', ISSUER),
      keys.signer('eastus2', 'https://localhost:7010/sharedeus2'),
    ]);
    expect(adds()).toBe(1);
    expect(a.kid).toBe(b.kid);
  });

  it('agrees with a replica that was faster', async () => {
    const { store } = aStore();
    const [a, b] = await Promise.all([
      createProviderKeys({ store, clock }).signer('eastus2', ISSUER),
      createProviderKeys({ store, clock }).signer('eastus2', ISSUER),
    ]);
    expect(a.kid).toBe(b.kid);
  });

  it('certifies the key in the name under which it signs', async () => {
    const { store } = aStore();
    const [key] = await createProviderKeys({ store, clock }).published('eastus2', ISSUER);
    const certificate = new X509Certificate(toPem(key?.certificates[0] ?? new Uint8Array()));
    expect(certificate.subject).toBe(`CN=${ISSUER}`);
    expect(certificate.issuer).toBe(`CN=${ISSUER}`);
    expect(certificate.serialNumber).toBe('01');
    expect(certificate.verify(certificate.publicKey)).toBe(true);
  });

  it('gives different regions different keys', async () => {
    const { store } = aStore();
    const keys = createProviderKeys({ store, clock });
    const [a, b] = await Promise.all([
      keys.signer('eastus2', ISSUER),
      keys.signer('uksouth', ISSUER),
    ]);
    expect(a.kid).not.toBe(b.kid);
  });

  it('tries again after the store failed', async () => {
    const { store } = aStore();
    let failures = 1;
    const flaky: SigningKeyStore = {
      ...store,
      list: async (purpose) => {
        if (failures-- > 0) throw new Error('no database');
        return store.list(purpose);
      },
    };
    const keys = createProviderKeys({ store: flaky, clock });
    await expect(keys.signer('eastus2', ISSUER)).rejects.toThrow();
    expect((await keys.signer('eastus2', ISSUER)).alg).toBe('RS256');
  });
});
