import type { Random } from '@touchstone/ports';

/** Counts up, so that no two draws are the same. */
export function seededRandom(): Random {
  let next = 0;
  return { bytes: (length) => new Uint8Array(length).fill((next += 1)) };
}
