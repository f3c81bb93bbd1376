import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto';
import { concat, equal, fromUtf8 } from '@touchstone/bytes';
import type { Random } from '@touchstone/ports';

/** AES-256. */
export const DATA_KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const CIPHER = 'aes-256-gcm';

/** Bytes that encryption adds, beside the label. */
export const ENCRYPTION_OVERHEAD_BYTES = IV_BYTES + TAG_BYTES;

/**
 * label ‖ IV (12) ‖ AES-256-GCM cipher text ‖ tag (16). The label, which names what is inside and its version, is the
 * additional authenticated data: a box of one kind cannot be passed off as another.
 */
export function encryptData(
  label: string,
  key: Uint8Array,
  plain: Uint8Array,
  random: Random,
): Uint8Array {
  const head = fromUtf8(label);
  const iv = random.bytes(IV_BYTES);
  const cipher = createCipheriv(CIPHER, key, iv);
  cipher.setAAD(head);
  return concat(head, iv, cipher.update(plain), cipher.final(), cipher.getAuthTag());
}

/** The inverse of `encryptData`; `undefined` for another label, another key, or changed bytes. */
export function decryptData(
  label: string,
  key: Uint8Array,
  box: Uint8Array,
): Uint8Array | undefined {
  const head = fromUtf8(label);
  if (box.length < head.length + ENCRYPTION_OVERHEAD_BYTES) return undefined;
  if (!equal(box.subarray(0, head.length), head)) return undefined;
  const iv = box.subarray(head.length, head.length + IV_BYTES);
  const end = box.length - TAG_BYTES;
  try {
    const decipher = createDecipheriv(CIPHER, key, iv, { authTagLength: TAG_BYTES });
    decipher.setAAD(head);
    decipher.setAuthTag(box.subarray(end));
    return concat(decipher.update(box.subarray(head.length + IV_BYTES, end)), decipher.final());
  } catch {
    return undefined;
  }
}

/** A key for one purpose, of whoever has the data key (32 bytes): HKDF with SHA-256, no salt, the purpose as its info. 32 bytes. */
export const derivedKey = (dataKey: Uint8Array, purpose: string): Uint8Array =>
  new Uint8Array(hkdfSync('sha256', dataKey, new Uint8Array(0), purpose, DATA_KEY_BYTES));
