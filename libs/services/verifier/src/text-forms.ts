import { fromBase64Lenient, fromHex, toUtf8 } from '@touchstone/bytes';
import { attempt } from './attempt';

/** Lines of comment at the head of a file that are passed over, at most. */
export const MAX_COMMENT_LINES = 8;
/** Characters of one such line, at most. */
export const MAX_COMMENT_CHARACTERS = 256;

const HASH = 0x23;
const LINE_FEED = 0x0a;

/**
 * Bytes of `#` lines in front of the content: licence notices that repositories put even before binaries. No format that
 * is recognised here begins with `#`.
 */
export function commentLength(bytes: Uint8Array): number {
  let at = 0;
  for (let line = 0; line < MAX_COMMENT_LINES && bytes[at] === HASH; line++) {
    const end = bytes.indexOf(LINE_FEED, at);
    if (end < 0 || end - at > MAX_COMMENT_CHARACTERS) return at;
    at = end + 1;
  }
  return at;
}

export const withoutComment = (bytes: Uint8Array): Uint8Array =>
  bytes.subarray(commentLength(bytes));

const BLANKS: readonly number[] = [0x00, 0x09, 0x0a, 0x0d, 0x20];

/** Without the blanks and NULs that files and C strings end with. No regular expression: those take time by the square. */
function trimmed(bytes: Uint8Array): Uint8Array {
  let end = bytes.length;
  while (end > 0 && BLANKS.includes(bytes[end - 1] ?? -1)) end--;
  return bytes.subarray(0, end);
}

/** The bytes as text without byte-order mark, blanks and NULs around it; undefined when they are no UTF-8. */
export const textOf = (bytes: Uint8Array): string | undefined =>
  attempt(() => toUtf8(trimmed(bytes)))
    ?.replace(/^\uFEFF/, '')
    .trimStart();

/** JSON text inside a JSON string is a C string now and then. */
export function withoutNuls(text: string): string {
  let end = text.length;
  while (end > 0 && text[end - 1] === '\0') end--;
  return text.slice(0, end);
}

/** The bytes that a text spells in hex (`0x` and white space allowed) or in base64 of either alphabet. */
export function bytesOfText(text: string): Uint8Array | undefined {
  const digits = text.replace(/\s/g, '');
  if (digits === '') return undefined;
  const hex = digits.startsWith('0x') ? digits.slice(2) : digits;
  return attempt(() => fromHex(hex)) ?? attempt(() => fromBase64Lenient(digits));
}

/** Objects and arrays inside one another, at most. */
export const MAX_JSON_DEPTH = 64;

/** The value of a JSON text; undefined when it is none, or nested so deeply that walking it would be an attack. */
export function jsonOf(text: string): unknown {
  return depthOf(text) > MAX_JSON_DEPTH ? undefined : attempt((): unknown => JSON.parse(text));
}

function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (inString && character === '\\') at++;
    else if (character === '"') inString = !inString;
    else if (!inString && (character === '{' || character === '[')) {
      deepest = Math.max(deepest, ++depth);
    } else if (!inString && (character === '}' || character === ']')) depth--;
  }
  return deepest;
}

/** PEM as a header carries it, percent-encoded, or as it is. */
export function plainPem(text: string): string | undefined {
  if (!text.includes('-----BEGIN')) return undefined;
  return text.includes('-----BEGIN%20') ? attempt(() => decodeURIComponent(text)) : text;
}
