import { concat, fromUtf8, toHex, toUtf8 } from '@touchstone/bytes';
import { CollateralError, type CollateralErrorCode } from './collateral-error';
import { readJson } from './json-reader';
import { Members } from './members';

/** Bytes of r and s together, 32 each, big-endian. */
export const SIGNATURE_BYTES = 64;

export type SignedMember = 'tcbInfo' | 'enclaveIdentity';

/** A body `{"<member>":{…},"signature":"<128 hex>"}`, taken apart. */
export interface SignedDocument {
  readonly content: Members;
  /** The inner object exactly as it arrived, from its `{` to its matching `}`. */
  readonly signedBytes: Uint8Array;
  readonly signature: Uint8Array;
}

const BODY_MEMBERS = 2;

/**
 * Takes a signed body apart; the two members may stand in either order, and NUL octets (C strings) may follow. Anything
 * else in the body is refused with `code`: it would be content that nobody signed.
 */
export function readSignedDocument(
  body: Uint8Array,
  member: SignedMember,
  code: CollateralErrorCode,
): SignedDocument {
  const text = bodyText(body, code);
  const root = new Members(parse(text, code), '', code);
  const content = root.object(member);
  const signature = root.hex('signature', SIGNATURE_BYTES);
  if (root.size !== BODY_MEMBERS) throw root.malformed(member, 'another member stands beside it');
  const { start, end } = content.range;
  // Strict UTF-8 decoding loses nothing, so encoding the slice gives back the very octets.
  return { content, signedBytes: fromUtf8(text.slice(start, end)), signature };
}

/** The whole body around an inner object, which is taken over byte for byte. */
export function signedDocument(
  member: SignedMember,
  innerBytes: Uint8Array,
  signature: Uint8Array,
): Uint8Array {
  if (signature.length !== SIGNATURE_BYTES) {
    throw new CollateralError('COLLATERAL_JSON_MALFORMED', 'a signature is 64 bytes', {
      field: 'signature',
    });
  }
  return concat(
    fromUtf8(`{"${member}":`),
    innerBytes,
    fromUtf8(`,"signature":"${toHex(signature)}"}`),
  );
}

function bodyText(body: Uint8Array, code: CollateralErrorCode): string {
  try {
    return toUtf8(withoutTrailingNuls(body), 'body');
  } catch (cause) {
    throw new CollateralError(code, 'the body is not UTF-8', { field: 'body', cause });
  }
}

function parse(text: string, code: CollateralErrorCode) {
  try {
    return readJson(text);
  } catch (error) {
    if (!(error instanceof CollateralError) || error.code !== 'COLLATERAL_JSON_MALFORMED')
      throw error;
    throw new CollateralError(code, error.message, { field: 'body', cause: error });
  }
}

// No regular expression: on a long run of NULs that does not stand at the end, it would take time by the square.
function withoutTrailingNuls(bytes: Uint8Array): Uint8Array {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end--;
  return bytes.subarray(0, end);
}
