import { toBase64, toUtf8 } from '@touchstone/bytes';
import { type Certificate, parseCertificate } from './certificate';
import { PkiError } from './pki-error';

/** Certificates of one chain, at most. */
export const MAX_CHAIN_CERTIFICATES = 10;

/** Characters of one PEM text, at most. */
export const MAX_PEM_CHARACTERS = 16 * 1024 * 1024;

const LINE = 64;
const BODY = /^[A-Za-z0-9+/]*={0,2}$/;

/** PEM (RFC 7468 section 2, strict): 64 characters a line, LF, and a last LF. */
export function toPem(der: Uint8Array, label = 'CERTIFICATE'): string {
  const body = toBase64(der).match(new RegExp(`.{1,${LINE}}`, 'g')) ?? [];
  return [`-----BEGIN ${label}-----`, ...body, `-----END ${label}-----`, ''].join('\n');
}

/**
 * The DER of each PEM block with this label, in order. White space and NUL octets may stand between and after the
 * blocks, anything else is `PKI_PEM_MALFORMED`.
 */
export function decodePem(text: string, label: string, max: number): Uint8Array[] {
  if (text.length > MAX_PEM_CHARACTERS) throw limit('the PEM text is too long');
  const begin = `-----BEGIN ${label}-----`;
  const end = `-----END ${label}-----`;
  const blocks: Uint8Array[] = [];
  let rest = skipBlank(text, 0);
  while (rest < text.length) {
    if (!text.startsWith(begin, rest)) throw malformedPem('text outside a block');
    const close = text.indexOf(end, rest + begin.length);
    if (close < 0) throw malformedPem('a block does not end');
    if (blocks.length === max) throw limit(`more than ${max} PEM blocks`);
    blocks.push(decodeBody(text.slice(rest + begin.length, close)));
    rest = skipBlank(text, close + end.length);
  }
  return blocks;
}

/**
 * The certificates of a PEM chain in the order they stand in; at least one. `parse` reads each block: a caller that sees the
 * same certificates over and over may keep those that it has read.
 */
export function parsePemChain(
  text: string | Uint8Array,
  max = MAX_CHAIN_CERTIFICATES,
  parse: (der: Uint8Array) => Certificate = parseCertificate,
): Certificate[] {
  const blocks = decodePem(typeof text === 'string' ? text : textOf(text), 'CERTIFICATE', max);
  if (blocks.length === 0) throw malformedPem('no certificate');
  return blocks.map((der) => parse(der));
}

function textOf(bytes: Uint8Array): string {
  try {
    return toUtf8(bytes, 'pem');
  } catch (cause) {
    throw new PkiError('PKI_PEM_MALFORMED', 'the PEM text is not UTF-8', { field: 'pem', cause });
  }
}

function decodeBody(body: string): Uint8Array {
  const digits = body.replace(/[\r\n\t ]/g, '');
  const bytes = new Uint8Array(Buffer.from(digits, 'base64'));
  // Padding left out and stray bits in the last digit would give one certificate two spellings.
  if (!BODY.test(digits) || toBase64(bytes) !== digits) throw malformedPem('a block is not base64');
  return bytes;
}

function skipBlank(text: string, from: number): number {
  let at = from;
  while (at < text.length && '\0\r\n\t '.includes(text.charAt(at))) at++;
  return at;
}

const limit = (why: string): PkiError => new PkiError('PKI_LIMIT_EXCEEDED', why, { field: 'pem' });

const malformedPem = (why: string): PkiError =>
  new PkiError('PKI_PEM_MALFORMED', why, { field: 'pem' });
