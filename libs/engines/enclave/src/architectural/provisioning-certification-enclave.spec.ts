import { createPrivateKey, createPublicKey } from 'node:crypto';
import { concat } from '@touchstone/bytes';
import {
  PCE_IDENTITY,
  buildSigstruct,
  createProcessor,
  mrSignerOfKey,
  parseSigstruct,
  type EnclaveInstructions,
} from '@touchstone/platform';
import { codeOf } from '../__fixtures__/code-of';
import { CPU_SVN, RPK, RSK, anImage, signed } from '../__fixtures__/machine';
import { seeded } from '../__fixtures__/seeded';
import { aVendor } from '../__fixtures__/vendor';
import { createImage, type EnclaveImage } from '../image/image';
import { loadEnclave } from '../image/load-enclave';
import { CRYPTO_SUITE_RSA_3072, ppidEncryptionKey, ppidKeyReportData } from './ppid-key';
import { startProvisioningCertificationEnclave } from './provisioning-certification-enclave';

const vendor = aVendor();

/** A processor whose enclaves show their instructions, so that a test can be a caller of any kind. */
const processor = createProcessor<EnclaveInstructions>({
  rootProvisioningKey: RPK,
  rootSealKey: RSK,
  cpuSvn: CPU_SVN,
  ownerEpoch: new Uint8Array(16),
  random: seeded('pce'),
  launchControl: { privilegedSigners: [mrSignerOfKey(vendor.signerKeyPkcs8)] },
  execute: (_memory, instructions) => instructions,
});

const inside = (image: EnclaveImage, sigstruct: Uint8Array): EnclaveInstructions =>
  loadEnclave(processor, image, sigstruct).running;

const { pce: shipped } = vendor.architectural;
const pce = startProvisioningCertificationEnclave(
  inside(createImage(shipped.manifest, shipped.code), shipped.sigstruct),
);

const privilegedImage = anImage({ attributes: ['PROVISION_KEY'] });
const privileged = inside(privilegedImage, signed(privilegedImage, vendor.signerKeyPkcs8));
const plain = inside(anImage(), signed(anImage()));

const publicKey = ppidEncryptionKey(createPublicKey(vendor.ppidKey));
const DATA = ppidKeyReportData(publicKey);
const SVN = { cpuSvn: CPU_SVN, pceSvn: PCE_IDENTITY.isvSvn };
const reportBy = (
  caller: EnclaveInstructions,
  data = DATA,
  target = pce.targetInfo(),
): Uint8Array => caller.ereport(target, data);

describe.each([
  [
    'getPcInfo',
    (report: Uint8Array) =>
      pce.getPcInfo({ report, publicKey, cryptoSuite: CRYPTO_SUITE_RSA_3072 }),
  ],
  ['certifyEnclave', (report: Uint8Array) => pce.certifyEnclave({ report, svn: SVN })],
])('%s', (_name, call) => {
  it('serves a privileged enclave', () => {
    expect(codeOf(() => call(reportBy(privileged)))).toBeUndefined();
  });

  it('refuses a caller without PROVISION_KEY', () => {
    expect(codeOf(() => call(reportBy(plain)))).toBe('PCE_INVALID_PRIVILEGE attributes');
  });

  it('refuses a report for another enclave', () => {
    const elsewhere = reportBy(privileged, DATA, new Uint8Array(512));
    expect(codeOf(() => call(elsewhere))).toBe('PCE_INVALID_REPORT mac');
  });

  it('refuses a plain report with the attribute written in', () => {
    const report = reportBy(plain);
    report[48] = (report[48] ?? 0) | 0x10;
    expect(codeOf(() => call(report))).toBe('PCE_INVALID_REPORT mac');
  });

  it('refuses bytes that are no report', () => {
    expect(codeOf(() => call(new Uint8Array(431)))).toBe('STRUCTURE_LENGTH report');
  });
});

describe('getPcInfo', () => {
  it('refuses a key that the caller does not vouch for', () => {
    const other = createPublicKey(
      createPrivateKey({ key: Buffer.from(vendor.signerKeyPkcs8), format: 'der', type: 'pkcs8' }),
    );
    const request = {
      report: reportBy(privileged),
      publicKey: ppidEncryptionKey(other),
      cryptoSuite: 1,
    };
    expect(codeOf(() => pce.getPcInfo(request))).toBe('PCE_INVALID_REPORT reportData');
  });

  it('refuses RSA-2048', () => {
    const request = { report: reportBy(privileged), publicKey, cryptoSuite: 0 };
    expect(codeOf(() => pce.getPcInfo(request))).toBe('PCE_INVALID_PARAMETER cryptoSuite');
  });

  it('refuses vouched-for numbers that are no RSA-3072 key', () => {
    const short = {
      ...publicKey,
      modulus: concat(new Uint8Array(1), publicKey.modulus.subarray(1)),
    };
    const report = reportBy(privileged, ppidKeyReportData(short));
    expect(codeOf(() => pce.getPcInfo({ report, publicKey: short, cryptoSuite: 1 }))).toBe(
      'PCE_INVALID_PARAMETER publicKey',
    );
  });
});

describe('certifyEnclave', () => {
  it('repeats: RFC 6979, no fresh randomness', () => {
    const report = reportBy(privileged);
    expect(pce.certifyEnclave({ report, svn: SVN })).toEqual(
      pce.certifyEnclave({ report, svn: SVN }),
    );
  });

  it('signs with another key for another TCB', () => {
    const report = reportBy(privileged);
    const lower = { ...SVN, pceSvn: SVN.pceSvn - 1 };
    expect(pce.certifyEnclave({ report, svn: lower })).not.toEqual(
      pce.certifyEnclave({ report, svn: SVN }),
    );
  });
});

describe('a forged PCE', () => {
  it('signed by an author gets no provisioning key', () => {
    const image = createImage(shipped.manifest, shipped.code);
    expect(codeOf(() => inside(image, signed(image)))).toBe('SGX_INVALID_ATTRIBUTE ATTRIBUTES');
  });

  it("of another vendor product derives other keys than the vendor's PCE", () => {
    const content = { ...parseSigstruct(shipped.sigstruct), isvProdId: 99 };
    const image = createImage(shipped.manifest, shipped.code);
    const sigstruct = buildSigstruct(content, vendor.signerKeyPkcs8);
    const other = startProvisioningCertificationEnclave(inside(image, sigstruct));
    const sign = (one: typeof pce) =>
      one.certifyEnclave({ report: reportBy(privileged, DATA, one.targetInfo()), svn: SVN });
    expect(sign(other)).not.toEqual(sign(pce));
  });
});
