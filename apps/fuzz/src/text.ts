import { hasCode } from '@touchstone/errors';
import { toUtf8 } from '@touchstone/bytes';

/** The text that the bytes are, if they are UTF-8. */
export function textOf(bytes: Uint8Array): string | undefined {
  try {
    return toUtf8(bytes);
  } catch (error) {
    if (hasCode(error)) return undefined;
    throw error;
  }
}

/** The text that a lenient reader would see: parsers of text are never handed anything but text. */
export const looseText = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
