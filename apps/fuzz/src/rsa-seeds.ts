import { constants, createPrivateKey, sign } from 'node:crypto';
import { fromUtf8, toBase64 } from '@touchstone/bytes';
import { type Certificate, parseCertificate, rsaCertificateChain, toPem } from '@touchstone/pki';
import { REPORT_BODY_SIZE, encodeReportBody } from '@touchstone/quote';
import { anAuthorKey } from '@touchstone/testkit';
import { simulated } from './seeds';

const NOT_BEFORE = new Date('2026-01-01T00:00:00Z');
const NOT_AFTER = new Date('2036-01-01T00:00:00Z');
const EPID_HEADER_BYTES = 48;

// One key for all parties: the certificates are looked at, nothing rests on whose they are.
const party = (commonName: string, serial: number) => ({
  commonName,
  serial: Uint8Array.of(serial),
  privateKeyPkcs8: anAuthorKey('fuzz'),
});

let chain: readonly Uint8Array[] | undefined;

/** DER of an RSA chain whose leaf may sign attestation reports: leaf, intermediate, root. */
export const rsaCertificates = (): readonly Uint8Array[] =>
  (chain ??= rsaCertificateChain({
    root: party('Fuzz', 1),
    intermediate: party('Fuzz Report CA', 2),
    leaf: { ...party('Fuzz Attestation Report Signing', 3), dnsNames: ['ias.test'] },
    notBefore: NOT_BEFORE,
    notAfter: NOT_AFTER,
  }));

const derOf = (index: number): Uint8Array => rsaCertificates()[index] ?? new Uint8Array();
export const reportSigner = (): Certificate => parseCertificate(derOf(0));
export const reportSigningCa = (): Certificate => parseCertificate(derOf(1));

/** An attestation verification report over the simulated enclave's report. */
export function attestationReport(changes: Readonly<Record<string, unknown>> = {}): Uint8Array {
  const { quote } = simulated();
  const body = new Uint8Array(EPID_HEADER_BYTES + REPORT_BODY_SIZE);
  body.set([2, 0, 1, 0, 0xad, 0x0b]);
  body.set(encodeReportBody(quote.qeReport), EPID_HEADER_BYTES);
  const report = {
    id: '1',
    timestamp: '2026-02-01T11:59:58.123456',
    version: 4,
    isvEnclaveQuoteStatus: 'GROUP_OUT_OF_DATE',
    advisoryURL: 'https://security-center.intel.com',
    advisoryIDs: ['INTEL-SA-00001'],
    platformInfoBlob: `150200650400090000${'11'.repeat(18)}${'00'.repeat(10)}00000bad${'22'.repeat(64)}`,
    isvEnclaveQuoteBody: toBase64(body),
    ...changes,
  };
  return fromUtf8(JSON.stringify(report));
}

export const signReport = (report: Uint8Array): Uint8Array =>
  new Uint8Array(
    sign('sha256', report, {
      key: createPrivateKey({
        key: Buffer.from(anAuthorKey('fuzz')),
        format: 'der',
        type: 'pkcs8',
      }),
      padding: constants.RSA_PKCS1_PADDING,
    }),
  );

/** The forms in which a report travels with its proof. */
export function reportEnvelopes(): readonly Uint8Array[] {
  const report = attestationReport();
  const text = Buffer.from(report).toString('utf8');
  const signature = toBase64(signReport(report));
  const pem = toPem(derOf(0)) + toPem(derOf(1));
  return [
    fromUtf8(`${text}|${signature}|${toBase64(derOf(0))}`),
    fromUtf8(JSON.stringify({ report: text, signature, certificate: pem })),
    fromUtf8(
      JSON.stringify({
        ra_report: toBase64(report),
        'X-IASReport-Signature': signature,
        'X-IASReport-Signing-Certificate': encodeURIComponent(pem),
      }),
    ),
  ];
}
