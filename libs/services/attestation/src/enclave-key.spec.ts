import { createPublicKey, verify } from 'node:crypto';
import { fromUtf8, toHex } from '@touchstone/bytes';
import { keyReportData, readQuoteExtension } from '@touchstone/attested-key';
import { parseCertificate, toPem } from '@touchstone/pki';
import { parseQuote } from '@touchstone/quote';
import { memoryDocuments, movingClock } from './__fixtures__/doubles';
import { memoryKeys } from './__fixtures__/key-store';
import { seededRandom } from './__fixtures__/random';
import { signerMachine } from './__fixtures__/signer-machine';
import { createProviderKeys, type PublishedKey } from './signing-keys';

const ISSUER = 'https://shareduks.uks.attest.azure.net';
const LOCAL = 'https://localhost:7010/shareduks';
const REGION = 'uksouth';
const DATA = fromUtf8('header.payload');

function aWorld() {
  const clock = movingClock(new Date('2026-01-01T00:00:00Z'));
  const machine = signerMachine();
  const kept = memoryKeys();
  const documents = memoryDocuments();
  const random = seededRandom();
  const replica = () =>
    createProviderKeys({
      store: kept.store,
      documents,
      clock,
      random,
      enclaves: machine.enclaves,
    });
  return { clock, machine, kept, replica };
}

type Keys = ReturnType<ReturnType<typeof aWorld>['replica']>;

const signed = (keys: Keys, issuer = ISSUER) =>
  keys.withSigner(REGION, issuer, async ({ kid, sign }) => ({ kid, signature: await sign(DATA) }));

const verifies = ({ spki }: PublishedKey, signature: Uint8Array): boolean =>
  verify('sha256', DATA, createPublicKey(toPem(spki, 'PUBLIC KEY')), signature);

describe('a key that was born in an enclave', () => {
  it('signs there, under a certificate with the quote over it', async () => {
    const keys = aWorld().replica();
    const { kid, signature } = await signed(keys);
    const [key] = await keys.published(REGION, ISSUER);
    if (!key) throw new Error('no key is published');
    expect(key.kid).toBe(kid);
    expect(verifies(key, signature)).toBe(true);
    for (const layout of ['2022', '2020'] as const) {
      const [published] = await keys.published(REGION, ISSUER, layout);
      const certificate = parseCertificate(published?.certificates[0] ?? new Uint8Array());
      const quote = parseQuote(readQuoteExtension(certificate)?.quote ?? new Uint8Array());
      if (quote.teeType !== 'sgx') throw new Error('no SGX quote');
      expect(toHex(quote.body.reportData)).toBe(toHex(keyReportData(key.spki)));
    }
  });

  it('is one for all replicas, though only one of them had it born', async () => {
    const { replica, machine } = aWorld();
    const [a, b] = await Promise.all([signed(replica()), signed(replica())]);
    expect(a.kid).toBe(b.kid);
    expect((await signed(replica())).kid).toBe(a.kid);
    expect(machine.calls.born - machine.calls.ended.length).toBe(1);
  });

  it('leaves nothing in the store that signs without the enclave', async () => {
    const { replica, kept } = aWorld();
    await signed(replica());
    const [record] = kept.records();
    const members: object = JSON.parse(new TextDecoder().decode(record?.privateKey));
    expect(Object.keys(members)).toEqual(['enclaveId', 'spki', 'quote', 'callKey']);
  });

  it('gives way to another one when the machine starts again, and what it signed still verifies', async () => {
    const { replica, machine } = aWorld();
    const keys = replica();
    const before = await signed(keys);
    machine.restart();
    const after = await Promise.all([signed(keys), signed(keys)]);
    expect(after.map(({ kid }) => kid)).not.toContain(before.kid);
    expect(machine.calls.born).toBe(2);
    const published = await replica().published(REGION, ISSUER);
    const [now, then] = published;
    expect(published).toHaveLength(2);
    expect(now && verifies(now, after[0].signature)).toBe(true);
    expect(then && verifies(then, before.signature)).toBe(true);
  });

  it('is left out under a name that it never signed for, once nobody can certify it any more', async () => {
    const { replica, machine } = aWorld();
    const keys = replica();
    const { kid } = await signed(keys);
    machine.restart();
    await signed(keys, LOCAL);
    expect((await keys.published(REGION, LOCAL)).map((key) => key.kid)).not.toContain(kid);
    expect((await keys.published(REGION, ISSUER)).map((key) => key.kid)).toContain(kid);
  });

  it('gives way as soon as somebody asks for keys under a name that it cannot be certified for', async () => {
    const { replica, machine } = aWorld();
    const { kid } = await signed(replica());
    machine.restart();
    const published = await replica().published(REGION, LOCAL);
    expect(published).toHaveLength(1);
    expect(published[0]?.kid).not.toBe(kid);
    expect((await replica().published(REGION, ISSUER)).map((key) => key.kid)).toContain(kid);
  });

  it('was replaced by another replica: that one is used', async () => {
    const { replica, machine } = aWorld();
    const [a, b] = [replica(), replica()];
    await signed(a);
    await signed(b);
    machine.restart();
    const { kid } = await signed(a);
    expect((await signed(b)).kid).toBe(kid);
    expect(machine.calls.born).toBe(2);
  });

  it('waits for its machine, and does not give way while that is off', async () => {
    const { replica, machine } = aWorld();
    const keys = replica();
    const { kid } = await signed(keys);
    machine.turn('off');
    await expect(signed(keys)).rejects.toMatchObject({ code: 'ATTESTATION_TEE_UNAVAILABLE' });
    expect((await keys.published(REGION, ISSUER)).map((key) => key.kid)).toEqual([kid]);
    machine.turn('on');
    expect((await signed(keys)).kid).toBe(kid);
  });

  it('signs nothing that does not verify, whatever the machine answers', async () => {
    const { replica, machine } = aWorld();
    const keys = replica();
    await signed(keys);
    machine.answerWith({ signature: new Uint8Array(256) });
    await expect(signed(keys)).rejects.toMatchObject({ code: 'ATTESTATION_TEE_UNAVAILABLE' });
  });

  it('is not taken from a machine that tells no truth at its birth', async () => {
    const { replica, machine, kept } = aWorld();
    machine.answerWith({ birth: fromUtf8('{}') });
    await expect(signed(replica())).rejects.toMatchObject({ code: 'ATTESTATION_TEE_UNAVAILABLE' });
    expect(kept.records()).toEqual([]);
  });

  it('is rotated as any other, and its enclave ended when all replicas know', async () => {
    const { replica, machine, clock } = aWorld();
    const keys = replica();
    const { kid } = await signed(keys);
    const [next] = await keys.rotate(REGION, 0);
    expect(next?.quote).toBeDefined();
    expect((await signed(keys)).kid).toBe(next?.kid);
    expect(machine.calls.ended).toEqual([]);
    clock.advance(600_000);
    expect((await signed(keys)).kid).toBe(next?.kid);
    expect(machine.calls.ended).toEqual(['enclave-1']);
    expect((await keys.published(REGION, ISSUER)).map((key) => key.kid)).toContain(kid);
  });
});
