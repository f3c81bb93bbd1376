import { createCipheriv, hkdfSync, randomBytes, randomFillSync } from 'node:crypto';
import { BytesError, fromHex } from '@touchstone/bytes';
import type { Random } from '@touchstone/ports';

const POOL_BYTES = 4_096;
/** Longer draws go to the operating system by themselves. */
const MAX_POOLED_DRAW = 64;

/** The operating system's randomness. Short draws come from a pool, because a call for each id costs more than the id. */
export const systemRandom: Random = { bytes: pooled() };

function pooled(): Random['bytes'] {
  const pool = new Uint8Array(POOL_BYTES);
  let used = POOL_BYTES;
  return (length) => {
    if (length > MAX_POOLED_DRAW) return new Uint8Array(randomBytes(length));
    if (used + length > POOL_BYTES) {
      randomFillSync(pool);
      used = 0;
    }
    const drawn = pool.slice(used, used + length);
    // What was given away is not kept: it may become a key.
    pool.fill(0, used, used + length);
    used += length;
    return drawn;
  };
}

const STREAM_KEY_BYTES = 32;
const STREAM_IV_BYTES = 16;

/**
 * A repeatable stream: AES-256-CTR under a key and counter that HKDF-SHA-256 (RFC 5869) derives from `seed` with
 * `label` as info. Streams of different labels are independent, so that one consumer's draws never move another's.
 * `seed` is hex; an odd or empty seed is refused with BYTES_INVALID_HEX.
 */
export function seededRandom(seed: string, label: string): Random {
  const secret = fromHex(seed, 'seed');
  if (secret.length === 0)
    throw new BytesError('BYTES_INVALID_HEX', 'the seed is empty', { field: 'seed' });
  const length = STREAM_KEY_BYTES + STREAM_IV_BYTES;
  const derived = new Uint8Array(hkdfSync('sha256', secret, 'touchstone-seed', label, length));
  const stream = createCipheriv(
    'aes-256-ctr',
    derived.subarray(0, STREAM_KEY_BYTES),
    derived.subarray(STREAM_KEY_BYTES),
  );
  return { bytes: (count) => new Uint8Array(stream.update(new Uint8Array(count))) };
}
