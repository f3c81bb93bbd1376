import { constants, privateDecrypt, verify, type KeyObject } from 'node:crypto';
import { inspect } from 'node:util';
import { fromUtf8, sha256, toHex } from '@touchstone/bytes';
import { hasCode } from '@touchstone/errors';
import { ecSignerFromScalar, p256PublicKey } from '@touchstone/pki';
import { PCE_IDENTITY, QE_IDENTITY, pceIdentity, pckScalar, ppidOf } from '@touchstone/platform';
import {
  encodeTargetInfo,
  parseCertificationData,
  parseQuote,
  parseReport,
  isReportForMe,
} from '@touchstone/quote';
import { CPU_SVN, RPK, RSK, aMachine, anImage, signed } from './__fixtures__/machine';
import { seeded } from './__fixtures__/seeded';
import { aVendor } from './__fixtures__/vendor';
import { createMachine } from './machine';

const vendor = aVendor();
const pce = pceIdentity(vendor.mrSigner);
const PEM = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';
const SVN = { cpuSvn: CPU_SVN, pceSvn: PCE_IDENTITY.isvSvn };
const CHAIN = { type: 5, pckChain: PEM, svn: SVN } as const;
const DATA = new Uint8Array(64).fill(0xda);

const machine = aMachine(vendor);
const image = anImage();
const sigstruct = signed(image);
const enclave = machine.load(image, sigstruct);
const reportForQe = (): Uint8Array =>
  enclave.running.instructions.ereport(machine.quoting.targetInfo(), DATA);

/** What the authority knows: the PCK public key, from the root provisioning key alone. */
const pckPublicKey = (cpuSvn = CPU_SVN, pceSvn = PCE_IDENTITY.isvSvn): KeyObject =>
  p256PublicKey(ecSignerFromScalar(pckScalar(RPK, pce, cpuSvn, pceSvn)).publicKeyBytes);

const ecdsa = (key: KeyObject, data: Uint8Array, signature: Uint8Array): boolean =>
  verify('sha256', data, { key, dsaEncoding: 'ieee-p1363' }, signature);

const oaep = (key: KeyObject, bytes: Uint8Array): Uint8Array =>
  new Uint8Array(
    privateDecrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' }, bytes),
  );

const codeOf = (work: () => unknown): string | undefined => {
  try {
    work();
  } catch (error) {
    return hasCode(error) ? error.code : String(error);
  }
  return undefined;
};

describe('a quote', () => {
  const quote = parseQuote(machine.quoting.getQuote(reportForQe(), CHAIN).quote);

  it('verifies from the PCK key that the authority derives down to the attested body', () => {
    expect(ecdsa(pckPublicKey(), quote.qeReportBytes, quote.qeReportSignature)).toBe(true);
    const bound = sha256(quote.attestationKey, quote.authData);
    expect(toHex(quote.qeReport.reportData)).toBe(toHex(bound) + '00'.repeat(32));
    expect(ecdsa(p256PublicKey(quote.attestationKey), quote.signedBytes, quote.signature)).toBe(
      true,
    );
  });

  it('says who was attested, by what and where', () => {
    expect(quote).toMatchObject({
      version: 3,
      teeType: 'sgx',
      body: { mrEnclave: image.mrEnclave },
    });
    expect(quote.body.reportData).toEqual(DATA);
    expect(quote.header.qeSvn).toBe(QE_IDENTITY.isvSvn);
    expect(quote.header.pceSvn).toBe(PCE_IDENTITY.isvSvn);
    expect(quote.header.userData.subarray(0, 16)).toEqual(machine.quoting.pckRequest().qeId);
    expect(toHex(quote.qeReport.mrSigner)).toBe(toHex(vendor.mrSigner));
    expect(toHex(quote.qeReport.attributes.bytes)).toBe('15000000000000000300000000000000');
    expect(toHex(quote.authData)).toBe(toHex(Uint8Array.from({ length: 32 }, (_, i) => i)));
  });

  it('carries the PCK chain with its counted NUL', () => {
    expect(quote.certificationData).toEqual({ type: 5, bytes: fromUtf8(`${PEM}\0`) });
  });

  it('repeats byte for byte from the same fuses and seed', () => {
    const again = aMachine(vendor, { random: seeded('machine') });
    const inside = again.load(image, sigstruct).running.instructions;
    const report = inside.ereport(again.quoting.targetInfo(), DATA);
    expect(again.quoting.getQuote(report, CHAIN).quote).toEqual(quote.bytes);
  });

  it('can be certified by the PCK key of a lower TCB', () => {
    const cpuSvn = CPU_SVN.map((svn, i) => (i === 0 ? svn - 1 : svn));
    const lower = { type: 5, pckChain: PEM, svn: { cpuSvn, pceSvn: 4 } } as const;
    const { qeReportBytes, qeReportSignature, header } = parseQuote(
      machine.quoting.getQuote(reportForQe(), lower).quote,
    );
    expect(header.pceSvn).toBe(4);
    expect(ecdsa(pckPublicKey(cpuSvn, 4), qeReportBytes, qeReportSignature)).toBe(true);
    expect(ecdsa(pckPublicKey(), qeReportBytes, qeReportSignature)).toBe(false);
  });

  it.each([
    ['CPUSVN', 'SGX_INVALID_CPUSVN', { ...SVN, cpuSvn: CPU_SVN.map((svn) => svn + 1) }],
    ['PCE SVN', 'SGX_INVALID_ISVSVN', { ...SVN, pceSvn: PCE_IDENTITY.isvSvn + 1 }],
  ])('cannot be certified for a higher %s', (_name, code, svn) => {
    expect(codeOf(() => machine.quoting.getQuote(reportForQe(), { ...CHAIN, svn }))).toBe(code);
  });

  it('comes with a report of the QE on it when a nonce is given', () => {
    const { report: own, identity } = {
      report: parseReport(enclave.running.instructions.ereport(new Uint8Array(512), DATA)).body,
      identity: enclave.identity,
    };
    const targetInfo = encodeTargetInfo({ ...identity, attributes: own.attributes });
    const nonce = new Uint8Array(16).fill(9);
    const answer = machine.quoting.getQuote(reportForQe(), CHAIN, { nonce, targetInfo });
    const report = parseReport(answer.report ?? new Uint8Array());
    expect(isReportForMe(enclave.running.instructions, report)).toBe(true);
    expect(toHex(report.body.reportData)).toBe(
      toHex(sha256(nonce, answer.quote)) + '00'.repeat(32),
    );
    const short = { nonce: nonce.subarray(1), targetInfo };
    expect(codeOf(() => machine.quoting.getQuote(reportForQe(), CHAIN, short))).toBe(
      'QE_INVALID_PARAMETER',
    );
  });
});

describe('the Quoting Enclave', () => {
  const other = aMachine(vendor, { rootSealKey: new Uint8Array(16).fill(0x33) });

  it('refuses a report of another processor', () => {
    const inside = other.load(image, sigstruct).running.instructions;
    const report = inside.ereport(machine.quoting.targetInfo(), DATA);
    expect(codeOf(() => machine.quoting.getQuote(report, CHAIN))).toBe('QE_INVALID_REPORT');
  });

  it('refuses a report for another target', () => {
    const report = enclave.running.instructions.ereport(new Uint8Array(512), DATA);
    expect(codeOf(() => machine.quoting.getQuote(report, CHAIN))).toBe('QE_INVALID_REPORT');
  });

  it.each([
    ['MRENCLAVE', 64],
    ['ATTRIBUTES', 48],
    ['REPORTDATA', 320],
    ['KEYID', 384],
    ['the MAC', 431],
  ])('refuses a report after a change of %s', (_name, offset) => {
    const report = reportForQe();
    report[offset] = (report[offset] ?? 0) ^ 1;
    expect(codeOf(() => machine.quoting.getQuote(report, CHAIN))).toBe('QE_INVALID_REPORT');
  });

  it('has a QE_ID and attestation key that other processors do not have', () => {
    expect(other.quoting.pckRequest().qeId).not.toEqual(machine.quoting.pckRequest().qeId);
  });

  it('keeps its QE_ID, but not its attestation key, through a TCB recovery', () => {
    const cpuSvn = CPU_SVN.map((svn) => svn + 1);
    const recovered = aMachine(vendor, { cpuSvn });
    expect(recovered.quoting.pckRequest().qeId).toEqual(machine.quoting.pckRequest().qeId);
    const quoteOf = (one: typeof machine) => {
      const inside = one.load(image, sigstruct).running.instructions;
      return parseQuote(
        one.quoting.getQuote(inside.ereport(one.quoting.targetInfo(), DATA), CHAIN).quote,
      );
    };
    expect(quoteOf(recovered).attestationKey).not.toEqual(quoteOf(machine).attestationKey);
  });
});

describe('pckRequest', () => {
  it('lets only the authority read the PPID', () => {
    const request = machine.quoting.pckRequest();
    expect(toHex(oaep(vendor.ppidKey, request.encryptedPpid))).toBe(toHex(ppidOf(RPK, pce)));
    expect(request).toMatchObject({ pceSvn: PCE_IDENTITY.isvSvn, pceId: 0 });
    expect(request.cpuSvn).toEqual(CPU_SVN);
  });

  it('encrypts anew each time', () => {
    const [a, b] = [machine.quoting.pckRequest(), machine.quoting.pckRequest()];
    expect(a.encryptedPpid).not.toEqual(b.encryptedPpid);
  });
});

describe('certification data', () => {
  const certified = (type: 1 | 2 | 3) => {
    const { quote } = machine.quoting.getQuote(reportForQe(), { type });
    const data = parseCertificationData(parseQuote(quote).certificationData);
    if (!('ppid' in data)) throw new Error('not a platform identifier');
    expect(data).toMatchObject({ type, cpuSvn: CPU_SVN, pceSvn: PCE_IDENTITY.isvSvn, pceId: 0 });
    return data.ppid;
  };
  const ppid = toHex(ppidOf(RPK, pce));

  it('of type 1 shows the PPID', () => expect(toHex(certified(1))).toBe(ppid));

  it('of type 2 hides it in RSA-2048', () => {
    expect(toHex(oaep(vendor.legacyPpidKey, certified(2)))).toBe(ppid);
  });

  it('of type 3 hides it in RSA-3072', () => {
    expect(toHex(oaep(vendor.ppidKey, certified(3)))).toBe(ppid);
  });
});

describe('createMachine', () => {
  const { qe, pce: certifier } = vendor.architectural;

  it('refuses architectural enclaves of another signer', () => {
    const impostor = aVendor('impostor').architectural;
    expect(codeOf(() => aMachine(vendor, { architectural: impostor }))).toBe(
      'SGX_INVALID_ATTRIBUTE',
    );
  });

  it('refuses a QE whose PPID key was exchanged', () => {
    const code = qe.code.slice();
    code[code.length - 10] = (code[code.length - 10] ?? 0) ^ 1;
    const architectural = { qe: { ...qe, code }, pce: certifier };
    expect(codeOf(() => aMachine(vendor, { architectural }))).toBe('SGX_INVALID_MEASUREMENT');
  });

  it('refuses a PCE in the place of the QE', () => {
    const architectural = { qe: certifier, pce: certifier };
    expect(codeOf(() => aMachine(vendor, { architectural }))).toBe('ENCLAVE_NOT_ARCHITECTURAL');
  });

  it('runs exactly the code that was measured', () => {
    const code = fromUtf8('exports.ecalls = { hello() {} };');
    const fresh = anImage({}, 'exports.ecalls = { hello() {} };');
    const bytes = signed(fresh);
    const loaded = machine.load(fresh, bytes);
    fresh.code.fill(0);
    expect(loaded.running.code).toEqual(code);
    expect(toHex(loaded.identity.mrEnclave)).toBe(toHex(fresh.mrEnclave));
  });

  it('lets a host read a debug enclave, and no production one', () => {
    const code = 'exports.ecalls = { secret() {} };';
    const open = anImage({ debug: true }, code);
    const loaded = machine.load(open, signed(open), { debug: true });
    expect(loaded.debugRead(4096, code.length)).toEqual(fromUtf8(code));
    for (const options of [{ debug: false }, {}]) {
      const closed = anImage({ debug: options.debug === false }, code);
      const production = machine.load(closed, signed(closed), options);
      expect(codeOf(() => production.debugRead(4096, 1))).toBe('SGX_GP');
    }
  });

  it('shows a host no instruction, no key and no fuse', () => {
    const options = { rootProvisioningKey: RPK, rootSealKey: RSK, cpuSvn: CPU_SVN };
    const closed = createMachine<'running'>({
      ...options,
      ownerEpoch: new Uint8Array(16),
      random: seeded('closed'),
      vendorMrSigner: vendor.mrSigner,
      architectural: vendor.architectural,
      startApplication: () => 'running',
    });
    const loaded = closed.load(image, sigstruct);
    expect(Object.keys(closed).sort()).toEqual(['cpuSvn', 'load', 'quoting']);
    expect(Object.keys(closed.quoting).sort()).toEqual(['getQuote', 'pckRequest', 'targetInfo']);
    expect(Object.keys(loaded).sort()).toEqual(['debugRead', 'identity', 'remove', 'running']);
    const shown = inspect([closed, loaded], { depth: Infinity, showHidden: true });
    expect(shown).not.toMatch(/egetkey|17, 17, 17|34, 34, 34/);
  });
});
