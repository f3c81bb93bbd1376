import type { Dice } from './dice';

/** Inputs kept beside the seeds, at most. */
const MAX_KEPT = 1024;

/** What is mutated: the seeds, and the inputs that took a new way through the parser. */
export class Corpus {
  readonly #seeds: readonly Uint8Array[];
  readonly #kept: Uint8Array[] = [];

  constructor(seeds: readonly Uint8Array[]) {
    this.#seeds = seeds;
  }

  get size(): number {
    return this.#seeds.length + this.#kept.length;
  }

  get bytes(): number {
    return [...this.#seeds, ...this.#kept].reduce((sum, { length }) => sum + length, 0);
  }

  keep(input: Uint8Array, dice: Dice): void {
    if (this.#kept.length < MAX_KEPT) this.#kept.push(input);
    else this.#kept[dice.below(MAX_KEPT)] = input;
  }

  /** A seed as often as a kept input: sound inputs reach deepest. */
  pick(dice: Dice): Uint8Array {
    const fromSeeds = this.#kept.length === 0 || dice.oneIn(2);
    return dice.pick(fromSeeds ? this.#seeds : this.#kept) ?? new Uint8Array();
  }
}
