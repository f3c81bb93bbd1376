import type { Check } from '@touchstone/decision';
import { Lru } from './lru';
import type { Trail } from './trail';

interface Remembered<Value> {
  readonly value: Value;
  readonly checks: readonly Check[];
}

/** What was found good, with the checks that it took. */
export class Memo<Value> {
  readonly #known: Lru<Remembered<Value>>;

  constructor(capacity: number) {
    this.#known = new Lru(capacity);
  }

  /** The value of `work`, remembered under `key`, a digest of all that it reads. When it throws, nothing is remembered. */
  remember(key: string, trail: Trail, work: () => Value): Value {
    const known = this.#known.get(key);
    if (known !== undefined) {
      trail.append(known.checks);
      return known.value;
    }
    const mark = trail.checks.length;
    const value = work();
    this.#known.set(key, { value, checks: trail.since(mark) });
    return value;
  }
}
