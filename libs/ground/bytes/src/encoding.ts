import { BytesError } from './bytes-error';

const HEX = /^(?:[0-9a-fA-F]{2})*$/;
const PAD = '=';
const MAX_PADDING = 2;

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const ENCODER = new TextEncoder();

const buffer = (bytes: Uint8Array): Buffer =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Lower-case hex, two digits a byte. */
export const toHex = (bytes: Uint8Array): string => buffer(bytes).toString('hex');

/** Hex of either case, an even number of digits and nothing else. */
export function fromHex(text: string, field = 'hex'): Uint8Array {
  if (!HEX.test(text)) throw new BytesError('BYTES_INVALID_HEX', `${field} is not hex`, { field });
  return new Uint8Array(Buffer.from(text, 'hex'));
}

/** Base64url without padding (RFC 4648 section 5). */
export const toBase64Url = (bytes: Uint8Array): string => buffer(bytes).toString('base64url');

/** Standard base64 with padding (RFC 4648 section 4). */
export const toBase64 = (bytes: Uint8Array): string => buffer(bytes).toString('base64');

/** Strict base64url: no padding, no other alphabet, no stray bits in the last digit. */
export function fromBase64Url(text: string, field = 'base64url'): Uint8Array {
  const bytes = Buffer.from(text, 'base64url');
  // Node skips what it does not know; only what is written again letter by letter was base64url, and canonical.
  if (bytes.toString('base64url') !== text) throw invalidBase64(field);
  return new Uint8Array(bytes);
}

/** Either base64 alphabet, padded or not: what published clients of Azure send. Stray bits are still refused. */
export function fromBase64Lenient(text: string, field = 'base64'): Uint8Array {
  const digits = text.slice(0, text.length - paddingOf(text));
  const standard = digits.includes('+') || digits.includes('/');
  return fromBase64Url(standard ? digits.replaceAll('+', '-').replaceAll('/', '_') : digits, field);
}

function paddingOf(text: string): number {
  let count = 0;
  while (count < MAX_PADDING && text.at(-1 - count) === PAD) count += 1;
  return count;
}

/** UTF-8 without a byte-order mark being dropped; malformed sequences are refused. */
export function toUtf8(bytes: Uint8Array, field = 'text'): string {
  try {
    return UTF8.decode(bytes);
  } catch (cause) {
    throw new BytesError('BYTES_INVALID_UTF8', `${field} is not UTF-8`, { field, cause });
  }
}

export const fromUtf8 = (text: string): Uint8Array => ENCODER.encode(text);

function invalidBase64(field: string): BytesError {
  return new BytesError('BYTES_INVALID_BASE64', `${field} is not base64url`, { field });
}
