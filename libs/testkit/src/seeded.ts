import { createCipheriv } from 'node:crypto';
import { fromUtf8, sha256 } from '@touchstone/bytes';
import type { Random } from '@touchstone/ports';

/** A stream of bytes that is the same in every run: AES-256-CTR under the SHA-256 of the seed. */
export function seededRandom(seed: string): Random {
  const stream = createCipheriv('aes-256-ctr', sha256(fromUtf8(seed)), new Uint8Array(16));
  return { bytes: (length) => new Uint8Array(stream.update(new Uint8Array(length))) };
}
