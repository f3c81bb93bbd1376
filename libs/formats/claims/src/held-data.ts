import { toUtf8 } from '@touchstone/bytes';
import { parseJsonObject, type JsonObject } from './json';

export const HELD_DATA_TYPES = ['Binary', 'JSON'] as const;

/** How the sender wants held data to be read: `Binary` is passed on, `JSON` becomes an object claim. */
export type HeldDataType = (typeof HELD_DATA_TYPES)[number];

/** Data that the enclave committed to by putting its SHA-256 into the evidence. */
export interface HeldData {
  /** The decoded bytes, exactly as sent: white space is part of what was hashed. */
  readonly bytes: Uint8Array;
  readonly dataType: HeldDataType;
}

/** The type that `name` means in any letter case, or undefined. */
export function heldDataType(name: string): HeldDataType | undefined {
  return HELD_DATA_TYPES.find((type) => type.toLowerCase() === name.toLowerCase());
}

/**
 * The object inside JSON held data.
 *
 * @throws ClaimsError CLAIMS_JSON_* and BytesError BYTES_INVALID_UTF8
 */
export function heldObject(data: HeldData, field = 'runtimeData'): JsonObject {
  return parseJsonObject(toUtf8(data.bytes, field), field);
}
