import { constants, generateKeyPairSync, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { ByteWriter, fromUtf8, toBase64 } from '@touchstone/bytes';
import { parseCertificate, rsaCertificateChain, toPem } from '@touchstone/pki';
import { attributes, encodeReportBody } from '@touchstone/quote';
import type { Anchors } from '../anchors';
import { filled } from './world';

export const AVR_AT = new Date('2025-06-01T12:00:00Z');
export const AVR_SIGNER_ENDS = new Date('2026-01-01T00:00:00Z');

export interface AvrWorld {
  readonly anchors: Anchors;
  readonly signerPem: string;
  readonly caPem: string;
  sign(report: Uint8Array): Uint8Array;
}

/** A report signing CA of our own. Slow: RSA primes are drawn. */
export function anAvrWorld(): AvrWorld {
  const keys = [0, 1, 2].map(() => generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey);
  const party = (commonName: string, index: number) => ({
    commonName,
    privateKeyPkcs8: new Uint8Array(
      (keys[index] as KeyObject).export({ type: 'pkcs8', format: 'der' }),
    ),
    serial: Uint8Array.of(index + 1),
  });
  const [leaf, ca] = rsaCertificateChain({
    root: party('Tests', 0),
    intermediate: party('Test Report CA', 1),
    leaf: { ...party('Test Attestation Report Signing', 2), dnsNames: ['ias.test'] },
    notBefore: new Date('2024-01-01T00:00:00Z'),
    notAfter: AVR_SIGNER_ENDS,
  });
  return {
    anchors: { quote: [], report: [{ name: 'tests', publicKey: parseCertificate(ca).spki }] },
    signerPem: toPem(leaf),
    caPem: toPem(ca),
    sign: (report) =>
      new Uint8Array(
        sign('sha256', report, { key: keys[2] as KeyObject, padding: constants.RSA_PKCS1_PADDING }),
      ),
  };
}

/** A report of an enclave whose report data is `reportData`. */
export function aReport(status: string, reportData = filled(64, 0)): Uint8Array {
  const body = encodeReportBody({
    cpuSvn: filled(16, 1),
    miscSelect: 0,
    isvExtProdId: filled(16, 0),
    attributes: attributes(0x7n),
    mrEnclave: filled(32, 0xaa),
    mrSigner: filled(32, 0xbb),
    configId: filled(64, 0),
    isvProdId: 4,
    isvSvn: 2,
    configSvn: 0,
    isvFamilyId: filled(16, 0),
    reportData,
  });
  const quoteBody = new ByteWriter()
    .u16le('version', 2)
    .u16le('signType', 0)
    .u32le('groupId', 0xbad)
    .u16le('qeSvn', 12)
    .u16le('pceSvn', 11)
    .u32le('xeid', 0)
    .bytes('basename', filled(32, 7))
    .bytes('report', body)
    .finish();
  return fromUtf8(
    JSON.stringify({
      id: '1',
      timestamp: '2025-06-01T11:59:58.123456',
      version: 4,
      isvEnclaveQuoteStatus: status,
      advisoryURL: 'https://security-center.intel.com',
      advisoryIDs: ['INTEL-SA-00001'],
      isvEnclaveQuoteBody: toBase64(quoteBody),
    }),
  );
}
