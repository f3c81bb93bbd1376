import { HttpError } from './http-error';

/** Deeper documents than this have no use here and exhaust the stack of whoever walks them. */
export const MAX_JSON_DEPTH = 64;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPENING = new Set([0x5b, 0x7b]);
const CLOSING = new Set([0x5d, 0x7d]);

/** Throws HTTP_BODY_TOO_DEEP; says nothing else about the text, which need not even be JSON. */
export function assertJsonDepth(text: Buffer, limit = MAX_JSON_DEPTH): void {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const byte = text[at];
    if (byte === QUOTE) {
      at = endOfString(text, at);
    } else if (byte !== undefined && OPENING.has(byte)) {
      depth += 1;
      if (depth > limit)
        throw new HttpError('HTTP_BODY_TOO_DEEP', `the body is nested deeper than ${limit} levels`);
    } else if (byte !== undefined && CLOSING.has(byte)) {
      depth -= 1;
    }
  }
}

/** Index of the closing quote of the string that opens at `start`, or the end of the text. */
function endOfString(text: Buffer, start: number): number {
  let end = text.indexOf(QUOTE, start + 1);
  while (end !== -1 && isEscaped(text, end)) end = text.indexOf(QUOTE, end + 1);
  return end === -1 ? text.length : end;
}

function isEscaped(text: Buffer, at: number): boolean {
  let backslashes = 0;
  while (text[at - 1 - backslashes] === BACKSLASH) backslashes += 1;
  return backslashes % 2 === 1;
}
