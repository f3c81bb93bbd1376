import { fromBase64Lenient, fromUtf8, toUtf8 } from '@touchstone/bytes';
import type { JsonObject } from '@touchstone/claims';
import { parseJsonObject } from '@touchstone/claims';
import { hasCode } from '@touchstone/errors';
import type { Certificate } from '@touchstone/pki';
import { DerReader, Tag, parseCertificate, parsePemChain } from '@touchstone/pki';
import { looksLikeAvr } from './avr';
import { IasError } from './ias-error';

/** Bytes of one envelope, at most. */
export const MAX_ENVELOPE_BYTES = 256 * 1024;

/** Extension in which remote-attestation TLS certificates carry a report: Netscape's comment. */
export const RA_TLS_EXTENSION = '2.16.840.1.113730.1.13';

/** A report together with what proves it. */
export interface AvrEnvelope {
  /** The exact body of the report. */
  readonly report: Uint8Array;
  readonly signature: Uint8Array;
  /** Signing certificate, and what may follow it. */
  readonly certificates: readonly Certificate[];
}

/**
 * The forms in which a report travels with its signature and certificate: `report|signature|certificate` (the latter two
 * base64), a JSON object with these members as text or base64, and a certificate (DER) with either in its comment
 * extension. Undefined for anything else.
 * @throws IasError AVR_ENVELOPE_MALFORMED for an envelope whose contents cannot be read
 */
export function openEnvelope(bytes: Uint8Array): AvrEnvelope | undefined {
  if (bytes.length > MAX_ENVELOPE_BYTES) return undefined;
  if (bytes[0] === Tag.sequence) return fromCertificate(bytes);
  const text = textOf(bytes);
  if (text === undefined || !text.startsWith('{')) return undefined;
  return fromParts(text) ?? fromObject(text);
}

function fromCertificate(der: Uint8Array): AvrEnvelope | undefined {
  const extension = attempt(() => parseCertificate(der).extensions.get(RA_TLS_EXTENSION));
  if (extension === undefined) return undefined;
  const { value } = extension;
  return openEnvelope(attempt(() => octetsOf(value)) ?? value);
}

/** Some issuers wrap the text into an octet string of its own. */
function octetsOf(value: Uint8Array): Uint8Array {
  const reader = new DerReader(value);
  const { content } = reader.take(Tag.octetString, 'comment');
  reader.end('comment');
  return content;
}

const PARTS = 3;

function fromParts(text: string): AvrEnvelope | undefined {
  const [report, signature, certificate, ...more] = text.split('|', PARTS + 1);
  if (report === undefined || signature === undefined || certificate === undefined)
    return undefined;
  if (more.length > 0 || !looksLikeAvr(fromUtf8(report))) return undefined;
  return {
    report: fromUtf8(report),
    signature: required('signature', base64(signature)),
    certificates: required('certificate', certificatesOf(certificate)),
  };
}

const REPORT_NAMES = ['report', 'ra_report', 'avr', 'attestationReport', 'raReport'];
const SIGNATURE_NAMES = ['signature', 'X-IASReport-Signature', 'x-iasreport-signature'];
const CERTIFICATE_NAMES = [
  'signing_cert',
  'signingCert',
  'raw_signing_cert',
  'signing_certificate',
  'certificate',
  'cert',
  'X-IASReport-Signing-Certificate',
  'x-iasreport-signing-certificate',
];

function fromObject(text: string): AvrEnvelope | undefined {
  const object = attempt(() => parseJsonObject(text));
  if (object === undefined) return undefined;
  const report = memberOf(object, REPORT_NAMES);
  const signature = memberOf(object, SIGNATURE_NAMES);
  const certificate = memberOf(object, CERTIFICATE_NAMES);
  if (report === undefined || signature === undefined || certificate === undefined)
    return undefined;
  return {
    report: required('report', reportOf(report)),
    signature: required('signature', base64(signature)),
    certificates: required('certificate', certificatesOf(certificate)),
  };
}

function memberOf(object: JsonObject, names: readonly string[]): string | undefined {
  const name = names.find((candidate) => typeof object[candidate] === 'string');
  const value = name === undefined ? undefined : object[name];
  return typeof value === 'string' ? value : undefined;
}

const reportOf = (text: string): Uint8Array | undefined =>
  [fromUtf8(text), base64(text)].find((bytes) => bytes !== undefined && looksLikeAvr(bytes));

/** PEM, PEM percent-encoded as in the service's header, or base64 of DER or of PEM. */
export function certificatesOf(text: string): readonly Certificate[] | undefined {
  const plain = text.includes('%') ? attempt(() => decodeURIComponent(text)) : text;
  if (plain === undefined) return undefined;
  if (plain.includes('-----BEGIN')) return attempt(() => parsePemChain(plain));
  const bytes = base64(plain);
  if (bytes === undefined) return undefined;
  if (bytes[0] === Tag.sequence) return attempt(() => [parseCertificate(bytes)]);
  return attempt(() => parsePemChain(bytes));
}

const base64 = (text: string): Uint8Array | undefined =>
  attempt(() => fromBase64Lenient(text.replace(/[\r\n\t ]/g, '')));

/** Text without byte-order mark, and without the blanks and NULs that files and C strings end with. */
function textOf(bytes: Uint8Array): string | undefined {
  let end = bytes.length;
  while (end > 0 && BLANKS.includes(bytes[end - 1] ?? -1)) end--;
  return attempt(() => toUtf8(bytes.subarray(0, end)).replace(/^\uFEFF/, ''));
}

const BLANKS: readonly number[] = [0x00, 0x09, 0x0a, 0x0d, 0x20];

function required<Value>(field: string, value: Value | undefined): Value {
  if (value !== undefined) return value;
  throw new IasError('AVR_ENVELOPE_MALFORMED', `${field} cannot be read`, { field });
}

/** Whatever cannot be read this way may be readable another way. */
function attempt<Value>(work: () => Value): Value | undefined {
  try {
    return work();
  } catch (error) {
    if (hasCode(error) || error instanceof URIError) return undefined;
    throw error;
  }
}
