import {
  attributes,
  encodeCertificationData,
  encodeQuote,
  INTEL_QE_VENDOR_ID,
} from '@touchstone/quote';

const bytes = (length: number, value: number): Uint8Array => new Uint8Array(length).fill(value);

const body = (reportData: Uint8Array) => ({
  cpuSvn: bytes(16, 1),
  miscSelect: 0,
  isvExtProdId: bytes(16, 0),
  attributes: attributes(0x5n, 0x3n),
  mrEnclave: bytes(32, 2),
  mrSigner: bytes(32, 3),
  configId: bytes(64, 0),
  isvProdId: 1,
  isvSvn: 1,
  configSvn: 0,
  isvFamilyId: bytes(16, 0),
  reportData,
});

/** An SGX quote that nobody signed. */
export const quoteOver = (reportData: Uint8Array): Uint8Array =>
  encodeQuote({
    version: 3,
    teeType: 'sgx',
    header: {
      attKeyType: 2,
      qeSvn: 1,
      pceSvn: 1,
      qeVendorId: INTEL_QE_VENDOR_ID,
      userData: bytes(20, 4),
    },
    body: body(reportData),
    signature: bytes(64, 5),
    attestationKey: bytes(64, 6),
    qeReport: body(bytes(64, 7)),
    qeReportSignature: bytes(64, 8),
    authData: bytes(32, 9),
    certificationData: encodeCertificationData({ type: 5, pem: '-----BEGIN CERTIFICATE-----\n' }),
  });
