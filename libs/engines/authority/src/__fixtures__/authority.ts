import { createCipheriv } from 'node:crypto';
import type { Random } from '@touchstone/ports';
import { createAuthority, type Authority } from '../authority';
import { newAuthorityKeys } from '../keys';

/** The instant of these tests. */
export const AT = new Date('2026-11-22T10:11:12.345Z');

/** A stream of bytes that is the same in every run. */
export function seeded(seed: number): Random {
  const key = new Uint8Array(16).fill(seed);
  const stream = createCipheriv('aes-128-ctr', key, new Uint8Array(16));
  return { bytes: (length) => new Uint8Array(stream.update(new Uint8Array(length))) };
}

// Drawing RSA primes takes a second: once for all cases of a file.
const keys = newAuthorityKeys(seeded(1), new Date('2026-11-01T00:00:00Z'));

export const anAuthority = (): Authority => createAuthority({ keys });
