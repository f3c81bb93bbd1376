import { hasCode } from '@touchstone/errors';
import {
  INTEL_QE_VENDOR_ID,
  attributes,
  encodeOeReport,
  encodeQuote,
  type SgxReportBody,
} from '@touchstone/quote';
import fc from 'fast-check';
import { createCollateralKeyReader, readEvidence } from './evidence';

const filled = (length: number, value = 1): Uint8Array => new Uint8Array(length).fill(value);
const body: SgxReportBody = {
  cpuSvn: filled(16),
  miscSelect: 0,
  isvExtProdId: filled(16),
  attributes: attributes(5n),
  mrEnclave: filled(32),
  mrSigner: filled(32),
  configId: filled(64),
  isvProdId: 1,
  isvSvn: 1,
  configSvn: 0,
  isvFamilyId: filled(16),
  reportData: filled(64),
};

const aQuote = (type: number, bytes: Uint8Array): Uint8Array =>
  encodeQuote({
    version: 3,
    teeType: 'sgx',
    header: {
      attKeyType: 2,
      qeSvn: 1,
      pceSvn: 1,
      qeVendorId: INTEL_QE_VENDOR_ID,
      userData: filled(20),
    },
    body,
    signature: filled(64),
    attestationKey: filled(64),
    qeReport: body,
    qeReportSignature: filled(64),
    authData: filled(32),
    certificationData: { type, bytes },
  });

const quote = aQuote(5, Buffer.from('no chain'));

const tdQuote = encodeQuote({
  version: 4,
  teeType: 'tdx',
  header: {
    attKeyType: 2,
    qeSvn: 1,
    pceSvn: 1,
    qeVendorId: INTEL_QE_VENDOR_ID,
    userData: filled(20),
  },
  body: {
    teeTcbSvn: filled(16),
    mrSeam: filled(48),
    mrSignerSeam: filled(48),
    seamAttributes: filled(8),
    tdAttributes: filled(8),
    xfam: filled(8),
    mrTd: filled(48),
    mrConfigId: filled(48),
    mrOwner: filled(48),
    mrOwnerConfig: filled(48),
    rtmr: [filled(48), filled(48), filled(48), filled(48)],
    reportData: filled(64),
  },
  signature: filled(64),
  attestationKey: filled(64),
  qeReport: body,
  qeReportSignature: filled(64),
  authData: filled(32),
  certificationData: { type: 5, bytes: Buffer.from('no chain') },
});

function faultOf(act: () => unknown): unknown {
  try {
    act();
    return undefined;
  } catch (error) {
    return error;
  }
}

describe('readEvidence', () => {
  it('takes a quote bare or behind an Open Enclave header', () => {
    expect(readEvidence('SgxEnclave', quote).bytes).toEqual(quote);
    expect(readEvidence('OpenEnclave', encodeOeReport(quote)).bytes).toEqual(quote);
  });

  it.each([
    ['a header where a quote should be', 'SgxEnclave', encodeOeReport(quote)],
    ['a quote where a header should be', 'OpenEnclave', quote],
  ] as const)('refuses %s', (_name, type, bytes) => {
    expect(
      hasCode(
        faultOf(() => readEvidence(type, bytes)),
        'ATTESTATION_EVIDENCE_MALFORMED',
      ),
    ).toBe(true);
  });

  it('refuses a quote of a trust domain before anybody looks for its collateral', () => {
    expect(faultOf(() => readEvidence('SgxEnclave', tdQuote))).toMatchObject({
      code: 'ATTESTATION_EVIDENCE_MALFORMED',
      field: 'teeType',
      checks: [{ name: 'evidence-format', result: 'failed' }],
    });
  });

  it('says with every failure what could not be read', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 1200 }),
        fc.constantFrom('SgxEnclave', 'OpenEnclave'),
        (bytes, type) => {
          expect(faultOf(() => readEvidence(type as 'SgxEnclave', bytes))).toMatchObject({
            code: 'ATTESTATION_EVIDENCE_MALFORMED',
            checks: [{ name: 'evidence-format', result: 'failed' }],
          });
        },
      ),
    );
  });
});

describe('createCollateralKeyReader', () => {
  it.each([
    ['text that is no chain', 5, Buffer.from('no chain')],
    ['only the platform’s identifier', 1, filled(36)],
  ])('refuses %s', (_name, type, bytes) => {
    const read = createCollateralKeyReader();
    expect(faultOf(() => read(readEvidence('SgxEnclave', aQuote(type, bytes))))).toMatchObject({
      code: 'ATTESTATION_EVIDENCE_MALFORMED',
      checks: [{ name: 'pck-chain-format', result: 'failed' }],
    });
  });
});
