import { concat, fromUtf8, sha256, toHex, toUtf8 } from '@touchstone/bytes';
import type { Enclave } from '@touchstone/enclave-sdk';
import { anEnclave, type EnclaveChanges } from '../__fixtures__/an-enclave';
import { encodeConfiguration, type Configuration } from '../configuration';
import { decodeAttestedKey, decodeMessage, encodeMessage, type AttestedKey } from '../messages';
import { createSecretSharing } from './secret-sharing';

const CONFIGURATION: Configuration = {
  root: new Uint8Array(65).fill(4),
  acceptedTcbStatuses: ['UpToDate'],
  minimumSvn: 2,
  freshness: 'required',
};
const none = new Uint8Array();

interface Running {
  readonly enclave: Enclave;
  call(
    name: keyof ReturnType<typeof createSecretSharing>,
    payload?: Uint8Array,
  ): Promise<Uint8Array>;
  attest(order: object): Promise<AttestedKey>;
  verify(attested: AttestedKey): Promise<Readonly<Record<string, unknown>>>;
}

async function aParty(
  changes: EnclaveChanges = {},
  configuration: Configuration = CONFIGURATION,
): Promise<Running> {
  const bytes = encodeConfiguration(configuration);
  const enclave = anEnclave(bytes, changes);
  const ecalls = createSecretSharing();
  const call: Running['call'] = async (name, payload = none) => ecalls[name](payload, enclave);
  await call('configure', bytes);
  return {
    enclave,
    call,
    attest: async (order) => decodeAttestedKey(await call('attestation', encodeMessage(order))),
    verify: async (attested) =>
      decodeMessage(await call('verify-attestation', encodeMessage(attested))),
  };
}

const attestPem = async (from: Running, to: Running, changes = {}): Promise<AttestedKey> =>
  from.attest({
    kind: 'PEM',
    targetInfo: to.enclave.ownTargetInfo(),
    challenge: await to.call('challenge'),
    ...changes,
  });

/** A has B's key, and B has A's. */
async function shared(): Promise<{ a: Running; b: Running }> {
  const [a, b] = await Promise.all([aParty(), aParty()]);
  await a.verify(await attestPem(b, a));
  await b.verify(await a.attest({ kind: 'AES', targetInfo: b.enclave.ownTargetInfo() }));
  return { a, b };
}

const refusal = (code: string, field?: string) =>
  expect.objectContaining({ code, ...(field !== undefined && { field }) }) as unknown;

describe('the exchange', () => {
  it('gives both parties one key: what A encrypts, B decrypts', async () => {
    const { a, b } = await shared();
    const opened = decodeMessage(await a.call('open-file', encodeMessage({ mode: 'encrypt' })));
    const blockOf = (last: number) => Uint8Array.of(Number(opened['file']), 0, 0, 0, last);
    const first = await a.call('block', concat(blockOf(0), fromUtf8('some ')));
    const second = await a.call('block', concat(blockOf(1), fromUtf8('data')));
    const header = { mode: 'decrypt', header: opened['header'] };
    const atB = decodeMessage(await b.call('open-file', encodeMessage(header)));
    const ofB = (last: number) => Uint8Array.of(Number(atB['file']), 0, 0, 0, last);
    const plain = concat(
      await b.call('block', concat(ofB(0), first)),
      await b.call('block', concat(ofB(1), second)),
    );
    expect(toUtf8(plain)).toBe('some data');
  });

  it('says who the peer is', async () => {
    const [a, b] = await Promise.all([aParty(), aParty()]);
    expect(await a.verify(await attestPem(b, a))).toMatchObject({
      mrEnclave: '01'.repeat(32),
      isvSvn: 2,
      debug: false,
      tcbStatus: 'local',
      checks: ['report-mac', 'identity', 'key-binding', 'freshness'],
    });
  });

  it('opens a whole file at once, and tells only what it was', async () => {
    const { a, b } = await shared();
    const opened = decodeMessage(await a.call('open-file', encodeMessage({ mode: 'encrypt' })));
    const header = new Uint8Array(Buffer.from(String(opened['header']), 'base64url'));
    const last = Uint8Array.of(Number(opened['file']), 0, 0, 0, 1);
    const block = await a.call('block', concat(last, fromUtf8('all of it')));
    const told = decodeMessage(await b.call('decrypt-attached-data', concat(header, block)));
    expect(told).toEqual({ bytes: 9, sha256: toHex(sha256(fromUtf8('all of it'))) });
  });
});

describe("A refuses B's key", () => {
  it.each<[string, EnclaveChanges, string]>([
    ['from another processor', { processor: 'two' }, 'REPORT_MAC_MISMATCH'],
    ['from another enclave', { mrEnclave: 7 }, 'EVIDENCE_MRENCLAVE_MISMATCH'],
    ['from an older enclave', { isvSvn: 1 }, 'EVIDENCE_SVN_TOO_LOW'],
    ['from an enclave that can be read', { debug: true }, 'EVIDENCE_DEBUG'],
  ])('%s', async (_from, changes, code) => {
    const [a, b] = await Promise.all([aParty(), aParty(changes)]);
    await expect(a.verify(await attestPem(b, a))).rejects.toEqual(refusal(code));
  });

  it('from an enclave that believes another root', async () => {
    const root = new Uint8Array(65).fill(5);
    const [a, b] = await Promise.all([aParty(), aParty({}, { ...CONFIGURATION, root })]);
    const attested = await attestPem(b, a);
    await expect(a.verify(attested)).rejects.toEqual(refusal('EVIDENCE_CONFIG_ID_MISMATCH'));
  });

  it('when it is not the one in the report', async () => {
    const [a, b, other] = await Promise.all([aParty(), aParty(), aParty()]);
    const { key } = await attestPem(other, a);
    const attested = { ...(await attestPem(b, a)), key };
    await expect(a.verify(attested)).rejects.toEqual(refusal('KEY_NOT_ATTESTED', 'key'));
  });

  it('when a bit of the report is another', async () => {
    const [a, b] = await Promise.all([aParty(), aParty()]);
    const attested = await attestPem(b, a);
    const report = attested.report.with(64, 0xff);
    await expect(a.verify({ ...attested, report })).rejects.toEqual(refusal('REPORT_MAC_MISMATCH'));
  });

  it('when it answers another challenge, or one that was used', async () => {
    const [a, b] = await Promise.all([aParty(), aParty()]);
    const attested = await attestPem(b, a);
    await a.call('challenge');
    await expect(a.verify(attested)).rejects.toEqual(refusal('EVIDENCE_REPLAYED', 'report'));
    const fresh = await attestPem(b, a);
    await a.verify(fresh);
    await expect(a.verify(fresh)).rejects.toEqual(refusal('EVIDENCE_REPLAYED'));
  });

  it('when it answers no challenge, unless the configuration leaves that to the peer', async () => {
    const [a, b] = await Promise.all([aParty(), aParty()]);
    const silent = await attestPem(b, a, { challenge: undefined });
    await expect(a.verify(silent)).rejects.toEqual(refusal('EVIDENCE_REPLAYED'));
    const lenient = { ...CONFIGURATION, freshness: 'optional' } as const;
    const [c, d] = await Promise.all([aParty({}, lenient), aParty({}, lenient)]);
    expect(await c.verify(await attestPem(d, c, { challenge: undefined }))).toMatchObject({
      isvSvn: 2,
    });
  });
});

describe("B refuses A's key", () => {
  it('when it was made for another exchange', async () => {
    const [a, b, c] = await Promise.all([aParty(), aParty(), aParty()]);
    await a.verify(await attestPem(c, a));
    const forC = await a.attest({ kind: 'AES', targetInfo: b.enclave.ownTargetInfo() });
    await expect(b.verify(forC)).rejects.toEqual(refusal('EVIDENCE_REPLAYED'));
  });

  it('when it comes without evidence, unless the configuration lets it', async () => {
    const b = await aParty();
    const payload = encodeMessage({ key: new Uint8Array(256) });
    await expect(b.call('take-key', payload)).rejects.toEqual(refusal('UNATTESTED_REFUSED'));
    const open = await aParty({}, { ...CONFIGURATION, unattestedKeys: true });
    await expect(open.call('take-key', payload)).rejects.toEqual(refusal('CIPHER_TEXT_REFUSED'));
  });
});

describe('a party', () => {
  it('takes one configuration, and only the one that it was loaded for', async () => {
    const bytes = encodeConfiguration(CONFIGURATION);
    const ecalls = createSecretSharing();
    const enclave = anEnclave(fromUtf8('another'));
    await expect(ecalls.configure(bytes, enclave)).rejects.toEqual(
      refusal('CONFIGURATION_MISMATCH'),
    );
    const { call } = await aParty();
    await expect(call('configure', bytes)).rejects.toEqual(refusal('CONFIGURATION_TAKEN'));
  });

  it('has nothing to give before it knows a peer, and nothing to open before there is a key', async () => {
    const a = await aParty();
    const order = { kind: 'AES', targetInfo: a.enclave.ownTargetInfo() };
    await expect(a.attest(order)).rejects.toEqual(refusal('KEY_MISSING'));
    const file = encodeMessage({ mode: 'encrypt' });
    await expect(a.call('open-file', file)).rejects.toEqual(refusal('KEY_MISSING'));
  });

  it('refuses blocks of a file that is not open', async () => {
    const { a } = await shared();
    await expect(a.call('block', Uint8Array.of(9, 0, 0, 0, 0))).rejects.toEqual(
      refusal('FILE_UNKNOWN', 'file'),
    );
  });
});
