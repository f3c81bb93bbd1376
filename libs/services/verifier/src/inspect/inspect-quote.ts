import { equal, isZero, toUtf8 } from '@touchstone/bytes';
import { openEnvelope } from '@touchstone/ias';
import { parsePemChain } from '@touchstone/pki';
import {
  CertificationDataType,
  INTEL_QE_VENDOR_ID,
  OeEvidenceFormat,
  QuoteBodyType,
  TEE_TYPE_TDX,
  looksLikeOeEvidence,
  looksLikeOeReport,
} from '@touchstone/quote';
import { attempt } from '../attempt';
import { claimsText, isBoundTo } from '../custom-claims';
import { looksLikeQuote } from '../recognise-evidence';
import { bytesOfText, commentLength, textOf } from '../text-forms';
import { VerifierError } from '../verifier-error';
import { CutShort, FieldWalk } from './field-walk';
import type { Inspection } from './inspection';
import { walkReportBody, walkTdReportBody } from './report-fields';

/** Bytes of one file that is shown, at most. */
export const MAX_INSPECTED_BYTES = 1024 * 1024;

/**
 * Every field of a quote with its offset: DCAP quotes v3 to v5, EPID quotes, and what Open Enclave puts around them. Shown
 * as far as the bytes go, even when they are malformed; offsets of a hex or base64 file are those of the decoded bytes.
 * @throws VerifierError INSPECT_UNREADABLE when it is no quote at all
 */
export function inspectQuote(file: Uint8Array): Inspection {
  const bytes = binaryOf(file);
  const walk = new FieldWalk(bytes);
  try {
    walkWrapping(walk, bytes);
    return { sections: walk.result };
  } catch (error) {
    if (!(error instanceof CutShort)) throw error;
    walk.rest('unread');
    return { sections: walk.result, fault: error.message };
  }
}

const isQuoteLike = (bytes: Uint8Array): boolean =>
  looksLikeOeReport(bytes) || looksLikeOeEvidence(bytes) || looksLikeQuote(bytes) || isEpid(bytes);

const EPID_MIN_SIZE = 432;

const isEpid = (bytes: Uint8Array): boolean =>
  bytes.length >= EPID_MIN_SIZE &&
  (bytes[0] === 1 || bytes[0] === 2) &&
  bytes[1] === 0 &&
  (bytes[2] ?? 2) < 2 &&
  bytes[3] === 0;

function binaryOf(file: Uint8Array): Uint8Array {
  if (file.length > MAX_INSPECTED_BYTES) throw unreadable(`${file.length} bytes are too many`);
  if (isQuoteLike(file.subarray(commentLength(file)))) return file;
  const text = textOf(file);
  const spelled = text === undefined ? undefined : bytesOfText(text);
  if (spelled !== undefined && isQuoteLike(spelled)) return spelled;
  const isAvr = attempt(() => openEnvelope(file)) !== undefined;
  throw unreadable(isAvr ? 'this is an attestation report, not a quote' : 'this is no quote');
}

const unreadable = (why: string): VerifierError =>
  new VerifierError('INSPECT_UNREADABLE', why, { field: 'quote' });

function walkWrapping(walk: FieldWalk, bytes: Uint8Array): void {
  const comment = commentLength(bytes);
  if (comment > 0) walk.opaque('comment', comment, (octets) => textOf(octets) ?? '');
  const inner = bytes.subarray(comment);
  if (looksLikeOeEvidence(inner)) walkOeEvidence(walk);
  else if (looksLikeOeReport(inner)) walkOeReport(walk);
  else walkQuote(walk);
}

function walkOeReport(walk: FieldWalk): void {
  walk.section('Open Enclave report header');
  walk.u32('version');
  walk.u32('reportType', () => 'remote');
  walk.u64('reportSize');
  walkQuote(walk);
}

function walkOeEvidence(walk: FieldWalk): void {
  walk.section('Open Enclave evidence header');
  walk.u32('version');
  const format = Buffer.from(walk.hex('formatId', 16, formatText)).toString('hex');
  walk.hex('padding', 4);
  walk.u64('dataSize');
  if (format === OeEvidenceFormat.LEGACY_REPORT_REMOTE) walkOeReport(walk);
  else walkQuote(walk);
}

const formatText = (bytes: Uint8Array): string =>
  Object.entries(OeEvidenceFormat).find(
    ([, id]) => id === Buffer.from(bytes).toString('hex'),
  )?.[0] ?? '';

const teeText = (tee: number): string => (tee === TEE_TYPE_TDX ? 'TDX' : 'SGX');

function walkQuote(walk: FieldWalk): void {
  walk.section('Quote header');
  const version = walk.u16('version');
  if (version < 3) return walkEpidQuote(walk);
  walk.u16('attestationKeyType', (type) => (type === 2 ? 'ECDSA over P-256' : ''));
  const tee = walk.u32('teeType', teeText);
  walk.u16(version === 3 ? 'qeSvn' : 'reserved1');
  walk.u16(version === 3 ? 'pceSvn' : 'reserved2');
  walk.hex('qeVendorId', 16, (id) => (equal(id, INTEL_QE_VENDOR_ID) ? 'Intel' : ''));
  walk.hex('userData', 20, () => 'QE_ID in the first 16');
  const bodyType = version === 5 ? walkBodyDescriptor(walk) : undefined;
  const reportData = walkBody(walk, tee, bodyType);
  walk.section('Signature data');
  walk.u32('signatureDataLength');
  walk.hex('signature', 64, () => 'r and s, by the attestation key over header and body');
  walk.hex('attestationKey', 64, () => 'x and y');
  if (version > 3) walkCertificationHead(walk);
  walkCertified(walk);
  walkTrailing(walk, reportData);
}

function walkBodyDescriptor(walk: FieldWalk): number {
  walk.section('Body descriptor');
  const names = Object.entries(QuoteBodyType);
  const type = walk.u16('bodyType', (code) => names.find(([, value]) => value === code)?.[0] ?? '');
  walk.u32('bodySize');
  return type;
}

/** The report data at the end of the body, which may bind what follows the quote. */
function walkBody(walk: FieldWalk, tee: number, bodyType: number | undefined): Uint8Array {
  const isTdx = tee === TEE_TYPE_TDX;
  walk.section(isTdx ? 'TD report body' : 'Report body');
  if (isTdx) walkTdReportBody(walk, bodyType === QuoteBodyType.TD_15);
  else walkReportBody(walk);
  const shown = walk.sections.at(-1)?.fields.find(({ name }) => name === 'reportData');
  return Buffer.from(shown?.value ?? '', 'hex');
}

const CERTIFICATION_NAMES = Object.entries(CertificationDataType);

const certificationText = (type: number): string =>
  CERTIFICATION_NAMES.find(([, value]) => value === type)?.[0] ?? '';

function walkCertificationHead(walk: FieldWalk): [type: number, size: number] {
  return [walk.u16('certificationDataType', certificationText), walk.u32('certificationDataSize')];
}

function walkCertified(walk: FieldWalk): void {
  walk.section('Report of the quoting enclave');
  walkReportBody(walk);
  walk.section('Certification');
  walk.hex(
    'qeReportSignature',
    64,
    () => "r and s, by the PCK key over the quoting enclave's report",
  );
  walk.hex('authData', walk.u16('authDataSize'));
  const [type, size] = walkCertificationHead(walk);
  if (type === CertificationDataType.PCK_LEAF || type === CertificationDataType.PCK_CHAIN) {
    walk.opaque('certificationData', size, certificatesText);
  } else if (type <= CertificationDataType.PPID_RSA_3072 && size >= PLATFORM_TCB_SIZE) {
    walk.hex('ppid', size - PLATFORM_TCB_SIZE);
    walk.hex('cpuSvn', 16);
    walk.u16('pceSvn');
    walk.u16('pceId');
  } else {
    walk.hex('certificationData', size);
  }
}

const PLATFORM_TCB_SIZE = 20;

function certificatesText(bytes: Uint8Array): string {
  const chain = attempt(() => parsePemChain(toUtf8(bytes)));
  if (chain === undefined) return `${bytes.length} bytes that are no PEM chain`;
  const names = chain.map(({ subject }) => subject.commonName ?? subject.text);
  return `PEM: ${names.join(' ← ')}`;
}

function walkTrailing(walk: FieldWalk, reportData: Uint8Array): void {
  if (walk.remaining === 0) return;
  walk.section('Behind the quote');
  walk.hex('trailing', walk.remaining, (trailing) => {
    if (isBoundTo(reportData, trailing)) return `custom claims: ${claimsText(trailing)}`;
    return isZero(trailing) ? 'padding' : 'not bound by the quote';
  });
}

function walkEpidQuote(walk: FieldWalk): void {
  walk.u16('signType', (type) => (type === 1 ? 'linkable' : 'unlinkable'));
  walk.u32('epidGroupId', (id) => id.toString(16).padStart(8, '0'));
  walk.u16('qeSvn');
  walk.u16('pceSvn');
  walk.u32('xeid');
  walk.hex('basename', 32, () => 'SPID in the first 16');
  walk.section('Report body');
  walkReportBody(walk);
  if (walk.remaining === 0) return;
  walk.section('Signature data');
  walk.u32('signatureLength');
  walk.rest('encryptedSignature');
}
