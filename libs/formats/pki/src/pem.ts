import { toBase64, toUtf8 } from '@touchstone/bytes';
import { type Certificate, parseCertificate } from './certificate';
import { PkiError } from './pki-error';

/** Certificates of one chain, at most. */
export const MAX_CHAIN_CERTIFICATES = 10;

/** Characters of one PEM text, at most. */
export const MAX_PEM_CHARACTERS = 16 * 1024 * 1024;

const LINE = 64;
const BLANK = '\0\r\n\t ';

/** PEM (RFC 7468 section 2, strict): 64 characters a line, LF, and a last LF. */
export function toPem(der: Uint8Array, label = 'CERTIFICATE'): string {
  const body = toBase64(der).match(new RegExp(`.{1,${LINE}}`, 'g')) ?? [];
  return [`-----BEGIN ${label}-----`, ...body, `-----END ${label}-----`, ''].join('\n');
}

/**
 * The base64 digits of each PEM block with this label, in order, without the white space among them. White space and NUL
 * octets may stand between and after the blocks, anything else is `PKI_PEM_MALFORMED`.
 */
export function pemBlocks(text: string, label: string, max: number): string[] {
  if (text.length > MAX_PEM_CHARACTERS) throw limit('the PEM text is too long');
  const begin = `-----BEGIN ${label}-----`;
  const end = `-----END ${label}-----`;
  const blocks: string[] = [];
  let rest = skipBlank(text, 0);
  while (rest < text.length) {
    if (!text.startsWith(begin, rest)) throw malformedPem('text outside a block');
    const close = text.indexOf(end, rest + begin.length);
    if (close < 0) throw malformedPem('a block does not end');
    if (blocks.length === max) throw limit(`more than ${max} PEM blocks`);
    blocks.push(text.slice(rest + begin.length, close).replace(/[\r\n\t ]+/g, ''));
    rest = skipBlank(text, close + end.length);
  }
  return blocks;
}

/** The DER of one block. */
export function decodeBlock(digits: string): Uint8Array {
  const bytes = new Uint8Array(Buffer.from(digits, 'base64'));
  // The decoder takes anything. Written again, other characters, padding left out and stray bits in the last digit all differ,
  // which would give one certificate several spellings.
  if (toBase64(bytes) !== digits) throw malformedPem('a block is not base64');
  return bytes;
}

const parseBlock = (digits: string): Certificate => parseCertificate(decodeBlock(digits));

/** Reads a certificate from the base64 digits of its PEM block, on which alone its answer depends. */
export type BlockReader = (digits: string, parse: (digits: string) => Certificate) => Certificate;

/**
 * The certificates of a PEM chain in the order they stand in; at least one. A caller that sees the same certificates over
 * and over may keep those that were read, by their digits, with a reader of its own.
 */
export function parsePemChain(
  text: string | Uint8Array,
  max = MAX_CHAIN_CERTIFICATES,
  read: BlockReader = parseBlock,
): Certificate[] {
  const blocks = pemBlocks(typeof text === 'string' ? text : textOf(text), 'CERTIFICATE', max);
  if (blocks.length === 0) throw malformedPem('no certificate');
  return blocks.map((digits) => read(digits, parseBlock));
}

function textOf(bytes: Uint8Array): string {
  try {
    return toUtf8(bytes, 'pem');
  } catch (cause) {
    throw new PkiError('PKI_PEM_MALFORMED', 'the PEM text is not UTF-8', { field: 'pem', cause });
  }
}

function skipBlank(text: string, from: number): number {
  let at = from;
  while (at < text.length && BLANK.includes(text.charAt(at))) at++;
  return at;
}

const limit = (why: string): PkiError => new PkiError('PKI_LIMIT_EXCEEDED', why, { field: 'pem' });

const malformedPem = (why: string): PkiError =>
  new PkiError('PKI_PEM_MALFORMED', why, { field: 'pem' });
