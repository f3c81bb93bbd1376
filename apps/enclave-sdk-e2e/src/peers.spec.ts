import { constants, createPublicKey, publicEncrypt, verify } from 'node:crypto';
import { concat, fromUtf8, toHex, toUtf8 } from '@touchstone/bytes';
import type { Ocalls, RunningEnclave } from '@touchstone/enclave-worker';
import type { TestPlatform } from '@touchstone/testkit';
import { aPlatform } from '@touchstone/testkit';
import type { BuiltEnclave } from './world';
import { PEER, build, hostOf, start } from './world';

jest.setTimeout(60_000);

const here = aPlatform();
const there = aPlatform({ seed: 'there', authority: here.authority });
const none = new Uint8Array();
const running: RunningEnclave[] = [];
let built: BuiltEnclave;
beforeAll(async () => {
  built = await build(PEER);
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((enclave) => enclave.terminate()));
});

const peerOn = async (
  platform: TestPlatform,
  enclave = built,
  options?: Parameters<typeof start>[2],
): Promise<RunningEnclave> => {
  const started = await start(platform, enclave, options);
  running.push(started);
  return started;
};
/** The same enclave with one more statement: another MRENCLAVE. */
const changed = (): BuiltEnclave => ({ ...built, code: concat(built.code, fromUtf8(';0;')) });
const json = (bytes: Uint8Array): Record<string, string> => JSON.parse(toUtf8(bytes));
const refusal = (enclaveCode: string) => ({ code: 'ENCLAVE_ECALL_FAILED', enclaveCode });

async function reportOf(from: RunningEnclave, to: RunningEnclave): Promise<Uint8Array> {
  const target = await to.ecall('targetInfo', none);
  return from.ecall('report', concat(target, fromUtf8('hello')));
}

describe('local attestation between enclaves in workers', () => {
  it('is mutual', async () => {
    const [alice, bob] = [await peerOn(here), await peerOn(here, changed())];
    const seenByBob = json(await bob.ecall('verify', await reportOf(alice, bob)));
    const seenByAlice = json(await alice.ecall('verify', await reportOf(bob, alice)));
    expect(seenByBob['mrEnclave']).toBe(json(await alice.ecall('whoami', none))['mrEnclave']);
    expect(seenByAlice['mrEnclave']).toBe(json(await bob.ecall('whoami', none))['mrEnclave']);
    expect(seenByAlice['mrEnclave']).not.toBe(seenByBob['mrEnclave']);
    expect(seenByBob['reportData']).toBe(toHex(fromUtf8('hello')).padEnd(128, '0'));
  });

  it.each([
    ['across processors', there, () => built],
    ['by a changed enclave', here, changed],
  ])('is refused %s', async (_where, platform, code) => {
    const [alice, bob] = [await peerOn(here), await peerOn(here)];
    const report = await reportOf(alice, bob);
    const other = await peerOn(platform, code());
    await expect(other.ecall('verify', report)).rejects.toMatchObject(
      refusal('REPORT_MAC_MISMATCH'),
    );
  });

  it('is refused when it is replayed to another target', async () => {
    const [alice, carol] = [await peerOn(here), await peerOn(here, changed())];
    const report = await reportOf(alice, alice);
    await expect(carol.ecall('verify', report)).rejects.toMatchObject(
      refusal('REPORT_MAC_MISMATCH'),
    );
  });
});

describe('what an enclave in a worker seals', () => {
  it('opens in its next life', async () => {
    const first = await peerOn(here);
    const blob = await first.ecall('seal', fromUtf8('a secret'));
    await first.terminate();
    expect(toUtf8(await (await peerOn(here)).ecall('unseal', blob))).toBe('a secret');
  });

  it('stays closed elsewhere', async () => {
    const blob = await (await peerOn(here)).ecall('seal', fromUtf8('a secret'));
    for (const other of [await peerOn(there), await peerOn(here, changed())]) {
      await expect(other.ecall('unseal', blob)).rejects.toMatchObject(
        refusal('SEALED_BLOB_TAG_MISMATCH'),
      );
    }
  });
});

describe('a key pair that is born in a worker', () => {
  it('decrypts and signs, inside', async () => {
    const peer = await peerOn(here);
    const spki = Buffer.from(await peer.ecall('publicKey', none));
    const key = createPublicKey({ key: spki, format: 'der', type: 'spki' });
    const sent = publicEncrypt({ key, oaepHash: 'sha256' }, fromUtf8('to the enclave'));
    expect(toUtf8(await peer.ecall('decrypt', sent))).toBe('to the enclave');
    const signature = await peer.ecall('sign', fromUtf8('from the enclave'));
    const pss = { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };
    expect(verify('sha256', fromUtf8('from the enclave'), pss, signature)).toBe(true);
    sent[0] = (sent[0] ?? 0) ^ 1;
    await expect(peer.ecall('decrypt', sent)).rejects.toMatchObject(refusal('CIPHER_TEXT_REFUSED'));
  });
});

describe('remote attestation between enclaves in workers of two machines', () => {
  const ask = (reportData: string, options = {}): Uint8Array =>
    fromUtf8(JSON.stringify({ reportData, ...options }));
  const evidenceOf = async (peer: RunningEnclave, options = {}): Promise<Uint8Array> =>
    peer.ecall('evidence', ask('0a0b', options), { ocalls: hostOf(there) });
  const judge = async (
    evidence: Uint8Array,
    judging: RunningEnclave,
    ocalls: Ocalls = hostOf(here, there),
  ): Promise<string> => toUtf8(await judging.ecall('judge', evidence, { ocalls }));

  it.each(['sgx-quote', 'oe-report'])('is believed inside, as %s', async (format) => {
    const evidence = await evidenceOf(await peerOn(there), { format });
    expect(await judge(evidence, await peerOn(here))).toBe(`UpToDate ${'0a0b'.padEnd(128, '0')}`);
  });

  it('is refused for a peer with another configuration', async () => {
    const otherRoot = { configId: new Uint8Array(64).fill(1) };
    const evidence = await evidenceOf(await peerOn(there, built, otherRoot));
    await expect(judge(evidence, await peerOn(here))).rejects.toMatchObject(
      refusal('EVIDENCE_CONFIG_ID_MISMATCH'),
    );
  });

  it('is refused for a changed peer', async () => {
    const evidence = await evidenceOf(await peerOn(there, changed()));
    await expect(judge(evidence, await peerOn(here))).rejects.toMatchObject(
      refusal('EVIDENCE_MRENCLAVE_MISMATCH'),
    );
  });

  it('is not judged by a root that the host slips in', async () => {
    const evidence = await evidenceOf(await peerOn(there));
    const stranger = aPlatform({ seed: 'stranger' });
    const ocalls = { ...hostOf(here, there), configuration: hostOf(stranger)['configuration'] };
    await expect(judge(evidence, await peerOn(here), ocalls as Ocalls)).rejects.toMatchObject(
      refusal('CONFIGURATION_MISMATCH'),
    );
  });

  it('is refused from a platform of another root', async () => {
    const stranger = aPlatform({ seed: 'stranger' });
    const evidence = await (
      await peerOn(stranger)
    ).ecall('evidence', ask('0a0b'), { ocalls: hostOf(stranger) });
    await expect(judge(evidence, await peerOn(here), hostOf(here, stranger))).rejects.toMatchObject(
      { enclaveCode: 'PCK_CHAIN_UNTRUSTED' },
    );
  });
});
