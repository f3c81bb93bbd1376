import { createHash, hash } from 'node:crypto';

const digest = (algorithm: string, parts: readonly Uint8Array[]): Uint8Array => {
  const [first] = parts;
  // One part needs no hash object, which is a whole stream.
  if (first !== undefined && parts.length === 1)
    return new Uint8Array(hash(algorithm, first, 'buffer'));
  const state = createHash(algorithm);
  for (const part of parts) state.update(part);
  return new Uint8Array(state.digest());
};

/** SHA-256 over the concatenation of `parts`, 32 bytes. */
export const sha256 = (...parts: readonly Uint8Array[]): Uint8Array => digest('sha256', parts);

/** SHA-256 of bytes, or of the UTF-8 of a text: 64 hex digits, lower case. */
export const sha256Hex = (data: Uint8Array | string): string => hash('sha256', data, 'hex');

/** SHA-384 over the concatenation of `parts`, 48 bytes. */
export const sha384 = (...parts: readonly Uint8Array[]): Uint8Array => digest('sha384', parts);

/** SHA-1 over the concatenation of `parts`, 20 bytes: key identifiers and thumbprints, never trust. */
export const sha1 = (...parts: readonly Uint8Array[]): Uint8Array => digest('sha1', parts);
