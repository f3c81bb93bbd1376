import { fromUtf8, sha256 } from '@touchstone/bytes';

/** Chances that repeat: the same seed gives the same throws. */
export interface Dice {
  /** A whole number from 0 to `limit` - 1; 0 when there is nothing to choose from. */
  below(limit: number): number;
  /** True once in `n` throws. */
  oneIn(n: number): boolean;
  pick<Value>(list: readonly [Value, ...Value[]]): Value;
  pick<Value>(list: readonly Value[]): Value | undefined;
  bytes(length: number): Uint8Array;
}

/** Chris Doty-Humphrey's sfc32, seeded by the SHA-256 of a text: fast, and nothing here needs secrecy. */
export function createDice(seed: string): Dice {
  const state = new Uint32Array(sha256(fromUtf8(seed)).slice(0, 16).buffer);
  let [a = 0, b = 0, c = 0, counter = 0] = state;

  function next(): number {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return sum >>> 0;
  }

  const below = (limit: number): number => (limit < 2 ? 0 : next() % limit);
  return {
    below,
    oneIn: (n) => below(n) === 0,
    pick: <Value>(list: readonly Value[]) => list[below(list.length)] as Value,
    bytes: (length) => Uint8Array.from({ length }, () => next() & 0xff),
  };
}
