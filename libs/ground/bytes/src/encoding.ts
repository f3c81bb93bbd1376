import { BytesError } from './bytes-error';

const HEX = /^(?:[0-9a-fA-F]{2})*$/;
const BASE64URL = /^[A-Za-z0-9_-]*$/;
const BASE64_ANY = /^[A-Za-z0-9_+/-]*={0,2}$/;

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
  if (!BASE64URL.test(text)) throw invalidBase64(field);
  const bytes = Buffer.from(text, 'base64url');
  if (bytes.toString('base64url') !== text) throw invalidBase64(field);
  return new Uint8Array(bytes);
}

/** Either base64 alphabet, padded or not: what published clients of Azure send. Stray bits are still refused. */
export function fromBase64Lenient(text: string, field = 'base64'): Uint8Array {
  if (!BASE64_ANY.test(text)) throw invalidBase64(field);
  const digits = text.replace(/=+$/, '').replaceAll('+', '-').replaceAll('/', '_');
  return fromBase64Url(digits, field);
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
