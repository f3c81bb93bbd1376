import { concat, fromUtf8, sha256 } from '@touchstone/bytes';
import type { Random } from '@touchstone/ports';

/** Repeatable bytes for tests: SHA-256 of seed and counter. */
export function seeded(seed: string): Random {
  let counter = 0;
  return {
    bytes(length) {
      const blocks: Uint8Array[] = [];
      for (let have = 0; have < length; have += 32) {
        blocks.push(sha256(fromUtf8(`${seed}/${counter++}`)));
      }
      return concat(...blocks).slice(0, length);
    },
  };
}
