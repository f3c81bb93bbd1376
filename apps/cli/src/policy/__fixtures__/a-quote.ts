import {
  INTEL_QE_VENDOR_ID,
  attributes,
  encodeCertificationData,
  encodeQuote,
  type SgxReportBody,
} from '@touchstone/quote';

const filled = (length: number, value: number): Uint8Array => new Uint8Array(length).fill(value);

const BODY: SgxReportBody = {
  cpuSvn: filled(16, 1),
  miscSelect: 0,
  isvExtProdId: filled(16, 0),
  attributes: attributes(0x5n),
  mrEnclave: filled(32, 0xaa),
  mrSigner: filled(32, 0xbb),
  configId: filled(64, 0),
  isvProdId: 4,
  isvSvn: 2,
  configSvn: 0,
  isvFamilyId: filled(16, 0),
  reportData: filled(64, 0),
};

/** A quote that nobody signed: enough to be read. */
export const A_QUOTE = encodeQuote({
  version: 3,
  teeType: 'sgx',
  body: BODY,
  header: {
    attKeyType: 2,
    qeSvn: 1,
    pceSvn: 1,
    qeVendorId: INTEL_QE_VENDOR_ID,
    userData: filled(20, 0),
  },
  signature: filled(64, 1),
  attestationKey: filled(64, 2),
  qeReport: BODY,
  qeReportSignature: filled(64, 3),
  authData: filled(32, 4),
  certificationData: encodeCertificationData({ type: 5, pem: '-----BEGIN CERTIFICATE-----\n' }),
});
