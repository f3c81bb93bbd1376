import { concat, fromUtf8, sha256 } from '@touchstone/bytes';
import { toPem } from '@touchstone/pki';
import type { VerificationDocument } from '@touchstone/service-verifier';
import type { Breakage } from '@touchstone/testkit';
import {
  TEST_NOW,
  aPlatform,
  breakOneThing,
  evidenceOf,
  openCollateralStand,
  tdxEvidenceOf,
} from '@touchstone/testkit';
import { bundleOf } from './bundle';
import type { Ran } from './touchstone';
import { Desk, buildTouchstone } from './touchstone';

const platform = aPlatform();
const { authority } = platform;
const runtimeData = fromUtf8('{"keys":[]}');
const { quote, collateral } = evidenceOf(platform, { reportData: sha256(runtimeData) });

let desk: Desk;

beforeAll(async () => {
  await buildTouchstone();
  desk = await Desk.open();
  await desk.put('root.pem', toPem(authority.rootCertificate));
  await desk.put('quote.bin', quote);
  await desk.put('collateral.json', JSON.stringify(bundleOf(collateral)));
  await desk.put('runtime.json', runtimeData);
});

afterAll(() => desk.close());

const AT = ['--at', TEST_NOW.toISOString(), '--anchor', 'root.pem'];

const verify = (file: string, ...args: readonly string[]): Promise<Ran> =>
  desk.touchstone('verify', file, ...AT, ...args);

const documentOf = ({ stdout }: Ran): VerificationDocument =>
  JSON.parse(stdout) as VerificationDocument;

describe('touchstone verify', () => {
  it('finds the simulated machine genuine, and exits with 0', async () => {
    const ran = await verify('quote.bin', '--collateral', 'collateral.json', '--json');
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(documentOf(ran)).toMatchObject({
      verdict: 'genuine',
      code: null,
      tcbStatus: 'UpToDate',
      qeStatus: 'UpToDate',
      anchor: 'root.pem',
      missing: [],
      facts: { isvProdId: 7, isvSvn: 3, debug: false, fmspc: platform.model.fmspc.toLowerCase() },
    });
  });

  it('tells a person', async () => {
    const { code, stdout } = await verify(
      'quote.bin',
      ...['--collateral', 'collateral.json', '--runtime-data', 'runtime.json'],
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/^GENUINE {2}SGX quote, version 3\n/);
    expect(stdout).toContain('TCB status       UpToDate');
    expect(stdout).toContain('Collateral from collateral.json');
    expect(stdout).not.toContain('\u001b');
  });

  it('takes a folder with files of every form', async () => {
    const { tcbInfo, qeIdentity, pckCrl, rootCaCrl } = collateral;
    const folder = await Desk.open();
    await folder.put('tcb', tcbInfo);
    await folder.put('identity', qeIdentity);
    await folder.put('pck.crl.pem', toPem(pckCrl, 'X509 CRL'));
    await folder.put('root.crl.hex', Buffer.from(rootCaCrl).toString('hex'));
    await folder.put('chain.pem', collateral.tcbInfoIssuerChain);
    await folder.put('notes.txt', 'something else');
    const { code } = await verify('quote.bin', '--collateral', folder.folder);
    await folder.close();
    expect(code).toBe(0);
  });

  it('trusts Intel alone unless it is told otherwise', async () => {
    const ran = await desk.touchstone(
      ...['verify', 'quote.bin', '--collateral', 'collateral.json', '--json'],
      ...['--at', TEST_NOW.toISOString()],
    );
    expect(ran.code).toBe(1);
    expect(documentOf(ran)).toMatchObject({ verdict: 'rejected', code: 'PCK_CHAIN_UNTRUSTED' });
  });

  it.each<[Breakage, string]>([
    ['pck-revoked', 'PCK_REVOKED'],
    ['pck-ca-revoked', 'INTERMEDIATE_CA_REVOKED'],
    ['pck-crl-expired', 'PCK_CRL_EXPIRED'],
    ['pck-crl-other-ca', 'CRL_UNKNOWN_ISSUER'],
    ['root-replaced', 'PCK_CHAIN_UNTRUSTED'],
    ['tcb-info-expired', 'TCB_INFO_EXPIRED'],
    ['tcb-info-other-fmspc', 'TCB_INFO_MISMATCH'],
    ['tcb-info-no-level', 'TCB_NOT_SUPPORTED'],
    ['tcb-info-tampered', 'TCB_INFO_INVALID_SIGNATURE'],
    ['qe-identity-expired', 'QE_IDENTITY_EXPIRED'],
    ['qe-identity-tampered', 'QE_IDENTITY_INVALID_SIGNATURE'],
    ['qe-identity-other-signer', 'QE_IDENTITY_MISMATCH'],
  ])('rejects %s by its code, and exits with 1', async (breakage, code) => {
    const broken = breakOneThing(platform, breakage);
    await desk.put('broken.bin', broken.quote);
    await desk.put('broken.json', JSON.stringify(bundleOf(broken.collateral)));
    const ran = await verify('broken.bin', '--collateral', 'broken.json', '--json');
    expect(documentOf(ran)).toMatchObject({ verdict: 'rejected', code });
    expect(ran.code).toBe(1);
  });

  it('rejects other runtime data, and a quote with something behind it', async () => {
    await desk.put('long.bin', concat(quote, fromUtf8('extra')));
    const bundle = ['--collateral', 'collateral.json', '--json'];
    const other = await verify('quote.bin', ...bundle, '--runtime-data', 'root.pem');
    const long = await verify('long.bin', ...bundle);
    expect([other.code, documentOf(other).code]).toEqual([1, 'RUNTIME_DATA_MISMATCH']);
    expect([long.code, documentOf(long).code]).toEqual([1, 'QUOTE_TRAILING']);
  });

  it('says what is out of date, and calls it genuine', async () => {
    const old = breakOneThing(platform, 'tcb-out-of-date');
    await desk.put('old.bin', old.quote);
    await desk.put('old.json', JSON.stringify(bundleOf(old.collateral)));
    const ran = await verify('old.bin', '--collateral', 'old.json', '--json');
    expect(ran.code).toBe(0);
    expect(documentOf(ran)).toMatchObject({ verdict: 'genuine', tcbStatus: 'OutOfDate' });
  });

  describe('when collateral is missing', () => {
    it('names it, judges nothing, and exits with 2', async () => {
      const ran = await verify('quote.bin', '--json');
      expect(ran.code).toBe(2);
      expect(documentOf(ran)).toMatchObject({
        verdict: 'not-judged',
        code: 'COLLATERAL_MISSING',
        missing: ['tcb-info', 'qe-identity', 'pck-crl', 'root-ca-crl'],
      });
      expect((await verify('quote.bin')).stdout).toContain('--pccs URL');
    });

    it('judges without, and says so', async () => {
      const ran = await verify('quote.bin', '--without', 'crl,qe-identity,tcb-info', '--json');
      expect(ran.code).toBe(0);
      expect(documentOf(ran)).toMatchObject({
        verdict: 'genuine',
        missing: ['tcb-info', 'qe-identity', 'pck-crl', 'root-ca-crl'],
      });
    });

    it('fetches it from a cache', async () => {
      const pccs = await openCollateralStand(collateral);
      const ran = await verify('quote.bin', '--pccs', pccs.url, '--json');
      await pccs.close();
      expect(documentOf(ran)).toMatchObject({ verdict: 'genuine', missing: [] });
      expect(pccs.asked()).toHaveLength(4);
    });

    it('fetches that of a trust domain from where a cache has it', async () => {
      const tdx = tdxEvidenceOf(platform);
      await desk.put('td-quote.bin', tdx.quote);
      const pccs = await openCollateralStand(tdx.collateral, 'tdx');
      const ran = await verify('td-quote.bin', '--pccs', pccs.url, '--json');
      await pccs.close();
      expect(ran.code).toBe(0);
      expect(documentOf(ran)).toMatchObject({
        verdict: 'genuine',
        tcbStatus: 'UpToDate',
        missing: [],
        facts: { fmspc: platform.model.fmspc.toLowerCase(), mrTd: '02'.repeat(48) },
      });
      expect(pccs.asked().map((url) => url.split('?')[0])).toEqual(
        expect.arrayContaining([
          '/tdx/certification/v4/tcb',
          '/tdx/certification/v4/qe/identity',
          '/sgx/certification/v4/pckcrl',
          '/sgx/certification/v4/rootcacrl',
        ]),
      );
    });

    it('names what a cache does not know of a trust domain', async () => {
      const pccs = await openCollateralStand(collateral);
      const ran = await verify('td-quote.bin', '--pccs', pccs.url, '--json');
      await pccs.close();
      expect(ran.code).toBe(2);
      expect(documentOf(ran)).toMatchObject({
        code: 'COLLATERAL_MISSING',
        missing: ['tcb-info', 'qe-identity'],
      });
    });

    it('still names it when the cache cannot be reached', async () => {
      const ran = await verify('quote.bin', '--pccs', 'http://127.0.0.1:1', '--json');
      expect(ran.code).toBe(2);
      expect(documentOf(ran).checks).toContainEqual(
        expect.objectContaining({ name: 'tcb-info-fetched', result: 'failed' }),
      );
    });
  });

  it.each([
    ['a file that is not there', ['none.bin'], 'FILE_UNREADABLE'],
    ['a file that is no evidence', ['root.pem'], 'EVIDENCE_UNRECOGNISED'],
    ['collateral that is not there', ['quote.bin', '--collateral', 'none'], 'FILE_UNREADABLE'],
    [
      'a file without collateral',
      ['quote.bin', '--collateral', 'runtime.json'],
      'COLLATERAL_UNRECOGNISED',
    ],
    ['an instant that is none', ['quote.bin', '--at', 'soon'], 'USAGE'],
    ['a part that is none', ['quote.bin', '--without', 'luck'], 'PART_UNKNOWN'],
    ['a kind that is none', ['quote.bin', '--kind', 'horoscope'], 'KIND_UNKNOWN'],
    ['another kind', ['quote.bin', '--kind', 'tdx-quote'], 'EVIDENCE_KIND_MISMATCH'],
    ['an anchor that is none', ['quote.bin', '--anchor', 'runtime.json'], 'ANCHOR_UNUSABLE'],
    ['an address that is none', ['quote.bin', '--pccs', 'ftp://x'], 'USAGE'],
  ])('exits with 2 for %s', async (_name, args, code) => {
    const ran = await desk.touchstone('verify', ...args, '--json');
    expect(ran.code).toBe(2);
    expect(documentOf(ran)).toMatchObject({ verdict: 'not-judged', code });
  });

  it.each([
    ['no file', []],
    ['an option that it does not know', ['quote.bin', '--lenient']],
    ['an option without its value', ['quote.bin', '--at']],
  ])('exits with 2 and says how it is used, for %s', async (_name, args) => {
    const ran = await desk.touchstone('verify', ...args);
    expect(ran).toMatchObject({ code: 2, stdout: '' });
    expect(ran.stderr).toMatch(/^error: /);
  });
});
