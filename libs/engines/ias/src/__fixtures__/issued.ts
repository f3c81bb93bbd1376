import { constants, generateKeyPairSync, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { ByteWriter, fromUtf8, toBase64 } from '@touchstone/bytes';
import type { Certificate } from '@touchstone/pki';
import { parseCertificate, rsaCertificateChain } from '@touchstone/pki';
import { attributes, encodeReportBody } from '@touchstone/quote';
import type { ReportAnchor } from '../report-anchor';

export const NOT_BEFORE = new Date('2024-01-01T00:00:00Z');
export const NOT_AFTER = new Date('2026-01-01T00:00:00Z');
export const AT = new Date('2025-06-01T12:00:00Z');

interface Keys {
  readonly leaf: KeyObject;
  readonly chain: readonly Certificate[];
}

let made: Keys | undefined;

/** A report signing CA of our own with its leaf; drawn once, for RSA primes take long. */
function keys(): Keys {
  return (made ??= makeKeys());
}

function makeKeys(): Keys {
  const pairs = [0, 1, 2].map(() => generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey);
  const [root, ca, leaf] = pairs.map(
    (key) => new Uint8Array(key.export({ type: 'pkcs8', format: 'der' })),
  );
  const party = (
    commonName: string,
    privateKeyPkcs8: Uint8Array = new Uint8Array(),
    serial = 1,
  ) => ({
    commonName,
    privateKeyPkcs8,
    serial: Uint8Array.of(serial),
  });
  const chain = rsaCertificateChain({
    root: party('Tests', root, 1),
    intermediate: party('Test Report CA', ca, 2),
    leaf: { ...party('Test Attestation Report Signing', leaf, 3), dnsNames: ['ias.test'] },
    notBefore: NOT_BEFORE,
    notAfter: NOT_AFTER,
  });
  return { leaf: pairs[2] as KeyObject, chain: chain.map(parseCertificate) };
}

export const signerCertificate = (): Certificate => keys().chain[0] as Certificate;
export const caCertificate = (): Certificate => keys().chain[1] as Certificate;
export const rootCertificate = (): Certificate => keys().chain[2] as Certificate;

export const anchorOf = (certificate: Certificate): ReportAnchor => ({
  name: 'tests',
  publicKey: certificate.spki,
});

const filled = (length: number, value: number): Uint8Array => new Uint8Array(length).fill(value);

/** 432 bytes of an EPID quote, linkable, of group 0xbad. */
export function epidBody(): Uint8Array {
  const report = encodeReportBody({
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
    reportData: filled(64, 0xcc),
  });
  return new ByteWriter()
    .u16le('version', 2)
    .u16le('signType', 1)
    .u32le('groupId', 0xbad)
    .u16le('qeSvn', 12)
    .u16le('pceSvn', 11)
    .u32le('xeid', 0)
    .bytes('basename', filled(32, 7))
    .bytes('report', report)
    .finish();
}

/** Text of a report; `undefined` leaves a member out. */
export const avrText = (changes: Record<string, unknown> = {}): string =>
  JSON.stringify({
    id: '95377046201547914511805010605681917295',
    timestamp: '2025-06-01T11:59:58.123456',
    version: 4,
    isvEnclaveQuoteStatus: 'GROUP_OUT_OF_DATE',
    advisoryURL: 'https://security-center.intel.com',
    advisoryIDs: ['INTEL-SA-00001', 'INTEL-SA-00002'],
    platformInfoBlob: `15020065${'0400090000'}${'11'.repeat(18)}${'00'.repeat(10)}00000bad${'22'.repeat(64)}`,
    isvEnclaveQuoteBody: toBase64(epidBody()),
    ...changes,
  });

export const avrBytes = (changes: Record<string, unknown> = {}): Uint8Array =>
  fromUtf8(avrText(changes));

export const signAvr = (report: Uint8Array): Uint8Array =>
  new Uint8Array(
    sign('sha256', report, { key: keys().leaf, padding: constants.RSA_PKCS1_PADDING }),
  );
