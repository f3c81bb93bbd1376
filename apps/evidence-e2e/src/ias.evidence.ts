import { toHex } from '@touchstone/bytes';
import {
  INTEL_REPORT_SIGNING_CA,
  IasError,
  certificatesOf,
  openEnvelope,
  parseAvr,
  verifyAvr,
} from '@touchstone/ias';
import type { AvrProof, VerifiedAvr } from '@touchstone/ias';
import { isDebug } from '@touchstone/quote';
import type { EvidenceItem } from './manifest';
import { changedFiles, fileOf, itemsOf, readEvidence, readText } from './manifest';

const anchors = [INTEL_REPORT_SIGNING_CA];

interface ReportInHand extends AvrProof {
  readonly report: Uint8Array;
}

/** Body, signature and certificate from their three files. */
function inFiles(item: EvidenceItem): ReportInHand {
  const certificates = certificatesOf(readText(fileOf(item, 'signing-cert.pem'))) ?? [];
  return {
    report: readEvidence(fileOf(item, 'report.json')),
    signature: readEvidence(fileOf(item, 'signature.bin')),
    certificates,
  };
}

/** The same from the certificate of a TLS connection, where the item has one. */
function inCertificate(item: EvidenceItem): ReportInHand | undefined {
  const file = item.files.find((name) => name.endsWith('ra-tls-cert.der'));
  return file === undefined ? undefined : openEnvelope(readEvidence(file));
}

const verify = ({ report, ...proof }: ReportInHand, at: Date): VerifiedAvr =>
  verifyAvr(parseAvr(report), proof, { anchors, at });

/** The shape of the manifest's expectation, from a report that was verified. */
function verdictOf({ avr, status, anchor }: VerifiedAvr): Record<string, unknown> {
  const { reportBody } = avr.quoteBody;
  return {
    reportSignature: 'valid',
    signingCertificateIssuedByIntelReportSigningCa: anchor === INTEL_REPORT_SIGNING_CA.name,
    isvEnclaveQuoteStatus: status,
    advisoryIDs: avr.advisoryIds,
    timestamp: avr.timestampText,
    version: avr.version,
    debug: isDebug(reportBody.attributes),
    mrenclave: toHex(reportBody.mrEnclave),
    mrsigner: toHex(reportBody.mrSigner),
    isvProdId: reportBody.isvProdId,
    isvSvn: reportBody.isvSvn,
  };
}

function codeOf(work: () => unknown): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    if (!(error instanceof IasError)) throw error;
    return error.code;
  }
}

describe.each(itemsOf('ias-avr').map((item) => [item.id, item] as const))('%s', (_id, item) => {
  const at = new Date(item.now ?? '');

  it('has the bytes that the manifest was written for', () => {
    expect(changedFiles(item)).toEqual([]);
  });

  it('gets the verdict of the manifest', () => {
    const verified = verify(inFiles(item), at);
    expect(verdictOf(verified)).toEqual(item.expected);
    expect(verified.expired).toEqual([]);
    expect(verified.checks.every(({ result }) => result !== 'failed')).toBe(true);
  });

  const carried = inCertificate(item);
  if (carried !== undefined) {
    it('gets it as the certificate of a TLS connection, too', () => {
      expect(toHex(carried.report)).toBe(toHex(inFiles(item).report));
      expect(verdictOf(verify(carried, at))).toEqual(item.expected);
    });
  }

  it('is refused when one byte of the report is another', () => {
    const hand = inFiles(item);
    const text = Buffer.from(hand.report).toString('latin1');
    const changed = text.replace(/"id":"(\d)/, (_, digit) => `"id":"${9 - Number(digit)}`);
    const report = Buffer.from(changed, 'latin1');
    expect(report.equals(hand.report)).toBe(false);
    expect(codeOf(() => verify({ ...hand, report }, at))).toBe('AVR_INVALID_SIGNATURE');
  });

  it('is refused without its signing certificate', () => {
    expect(codeOf(() => verify({ ...inFiles(item), certificates: [] }, at))).toBe(
      'AVR_SIGNER_MISSING',
    );
  });
});
