import { sha256, toHex, toUtf8 } from '@touchstone/bytes';
import {
  looksLikeOeEvidence,
  looksLikeOeReport,
  parseOeEndorsements,
  parseOeEvidence,
  parseOeReport,
  parseQuote,
  parseReport,
  quoteOfOeEvidence,
} from '@touchstone/quote';
import { Author, openWorld } from './world';
import type { World } from './world';

jest.setTimeout(30_000);

const author = new Author();
const none = new Uint8Array();
let world: World;
let trainer: string;
let reporter: string;
beforeAll(async () => {
  world = await openWorld();
  trainer = (await world.client.loadEnclave({ image: 'trainer', debug: false })).id;
  // What the SDK does for an enclave, in the words of the machine.
  const report = `report: async (p, enclave) => enclave.report(p.slice(0, 512), Buffer.alloc(64, p[512]))`;
  reporter = (await world.client.loadEnclave({ bundle: author.write(report), debug: false })).id;
}, 60_000);
afterAll(() => world.close());

describe('GetEvidence', () => {
  it('is a bare quote with its PCK chain unless something else is asked for', async () => {
    const { quote, runtimeData } = await world.client.getEvidence({
      enclaveId: trainer,
      nonce: none,
    });
    const { certificationData, body } = parseQuote(quote);
    expect(certificationData.type).toBe(5);
    expect(toHex((body as { reportData: Uint8Array }).reportData.subarray(0, 32))).toBe(
      toHex(sha256(runtimeData)),
    );
  });

  it('is an Open Enclave report, or evidence with the runtime data as its claims', async () => {
    const request = { enclaveId: trainer, nonce: none };
    const oeReport = await world.client.getEvidence({
      ...request,
      format: 'EVIDENCE_FORMAT_OE_REPORT',
    });
    expect(looksLikeOeReport(oeReport.quote)).toBe(true);
    expect(parseQuote(parseOeReport(oeReport.quote).quote).teeType).toBe('sgx');
    const { quote, runtimeData } = await world.client.getEvidence({
      ...request,
      format: 'EVIDENCE_FORMAT_OE_EVIDENCE',
    });
    expect(looksLikeOeEvidence(quote)).toBe(true);
    expect(quoteOfOeEvidence(parseOeEvidence(quote)).customClaims).toEqual(
      new Uint8Array(runtimeData),
    );
  });

  it.each([1, 3])('names the platform by its PPID, type %i', async (certificationType) => {
    const { quote } = await world.client.getEvidence({
      enclaveId: trainer,
      nonce: none,
      certificationType,
    });
    expect(parseQuote(quote).certificationData.type).toBe(certificationType);
  });

  it.each([4, 7, 99])('refuses certification data type %i', async (certificationType) => {
    await expect(
      world.client.getEvidence({ enclaveId: trainer, nonce: none, certificationType }),
    ).rejects.toMatchObject({ status: 'INVALID_ARGUMENT', field: 'certification_type' });
  });
});

describe('GetReport and GetQuote', () => {
  it('make a quote in two steps, over what the enclave reports', async () => {
    const { report } = await world.client.getReport({
      enclaveId: reporter,
      targetInfo: none,
      nonce: Uint8Array.of(7),
    });
    expect(parseReport(report).body.reportData).toEqual(new Uint8Array(64).fill(7));
    const { quote } = await world.client.getQuote({ report });
    expect(toHex(parseQuote(quote).bytes.subarray(48, 432))).toBe(toHex(report.subarray(0, 384)));
    const wrapped = await world.client.getQuote({ report, format: 'EVIDENCE_FORMAT_OE_REPORT' });
    expect(looksLikeOeReport(wrapped.quote)).toBe(true);
  });

  it('take a report for another target to nobody but that target', async () => {
    const { report } = await world.client.getReport({
      enclaveId: reporter,
      targetInfo: new Uint8Array(512),
      nonce: Uint8Array.of(7),
    });
    await expect(world.client.getQuote({ report })).rejects.toMatchObject({
      code: 'QE_INVALID_REPORT',
      status: 'PERMISSION_DENIED',
    });
  });

  it('refuse a report of another processor', async () => {
    const elsewhere = await world.startHost({ home: `${world.home}/other-processor` });
    const other = world.connect(elsewhere.url);
    const bundle = author.write(
      `report: async (p, enclave) => enclave.report(p.slice(0, 512), Buffer.alloc(64))`,
    );
    const { id: enclaveId } = await other.loadEnclave({ bundle, debug: false });
    const { qeTargetInfo: targetInfo } = await world.client.getPlatformInfo({});
    const { report } = await other.getReport({ enclaveId, targetInfo, nonce: none });
    await expect(world.client.getQuote({ report })).rejects.toMatchObject({
      code: 'QE_INVALID_REPORT',
    });
  });

  it.each([
    ['target_info', () => ({ targetInfo: new Uint8Array(511), nonce: none })],
    ['nonce', () => ({ targetInfo: none, nonce: new Uint8Array(65) })],
  ])('refuse a bad %s', async (field, changes) => {
    await expect(
      world.client.getReport({ enclaveId: reporter, ...changes() }),
    ).rejects.toMatchObject({ status: 'INVALID_ARGUMENT', field });
  });

  it('refuse a report that is none, and claims where there are none', async () => {
    await expect(world.client.getQuote({ report: new Uint8Array(431) })).rejects.toMatchObject({
      field: 'report',
    });
    const { report } = await world.client.getReport({
      enclaveId: reporter,
      targetInfo: none,
      nonce: none,
    });
    await expect(
      world.client.getQuote({ report, format: 'EVIDENCE_FORMAT_OE_EVIDENCE' }),
    ).rejects.toMatchObject({ status: 'INVALID_ARGUMENT', field: 'format' });
  });
});

describe('a configuration at load', () => {
  const kss = { extendedProductId: new Uint8Array(16), familyId: new Uint8Array(16) };
  const ecalls = `report: async (p, enclave) => enclave.report(p.slice(0, 512), Buffer.alloc(64))`;

  it('is in every report of a KSS enclave', async () => {
    const bundle = author.write(ecalls, { kss });
    const configId = new Uint8Array(64).fill(0xc1);
    const loaded = await world.client.loadEnclave({ bundle, debug: false, configId, configSvn: 3 });
    expect(loaded.configSvn).toBe(3);
    const { report } = await world.client.getReport({
      enclaveId: loaded.id,
      targetInfo: none,
      nonce: none,
    });
    const { body } = parseReport(report);
    expect([toHex(body.configId), body.configSvn]).toEqual([toHex(configId), 3]);
  });

  it('is refused for an enclave without KSS, and where it is none', async () => {
    const bundle = author.write(ecalls);
    await expect(
      world.client.loadEnclave({ bundle, debug: false, configId: new Uint8Array(64).fill(1) }),
    ).rejects.toMatchObject({ code: 'SGX_GP' });
    await expect(
      world.client.loadEnclave({ bundle, debug: false, configId: new Uint8Array(63) }),
    ).rejects.toMatchObject({ status: 'INVALID_ARGUMENT', field: 'config_id' });
  });
});

describe('an enclave that relies on others', () => {
  it('gets collateral for evidence and the time from its host', async () => {
    const bundle = author.write(
      `ask: async (p, enclave) => enclave.ocall('collateral', p), time: (p, enclave) => enclave.ocall('time', p)`,
    );
    const { id: enclaveId } = await world.client.loadEnclave({ bundle, debug: false });
    const { quote } = await world.client.getEvidence({ enclaveId: trainer, nonce: none });
    const call = { enclaveId, deadlineMilliseconds: 0 };
    const asked = await world.client.callEnclave({ ...call, name: 'ask', payload: quote });
    expect(toUtf8(parseOeEndorsements(asked.payload).tcbInfo)).toContain('"tcbInfo"');
    const time = await world.client.callEnclave({ ...call, name: 'time', payload: none });
    expect(Number.isNaN(Date.parse(toUtf8(time.payload)))).toBe(false);
    await expect(
      world.client.callEnclave({ ...call, name: 'ask', payload: Uint8Array.of(3) }),
    ).rejects.toMatchObject({ code: 'HOST_EVIDENCE_UNREADABLE', status: 'INVALID_ARGUMENT' });
  });
});
