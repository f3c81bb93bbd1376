import { hasCode } from '@touchstone/errors';
import type { Mutation } from './byte-mutations';

/** A parser of bytes that nobody vouches for, and what to begin with. */
export interface FuzzTarget {
  readonly name: string;
  /** Sound inputs. */
  readonly seeds: readonly Uint8Array[];
  /** Words that the parser knows. */
  readonly tokens?: readonly Uint8Array[];
  /** A mutation that knows the form of the input; every second change is made by it. */
  readonly shape?: Mutation;
  /** Longer inputs are cut; a little above the parser's own limit, where that is small. */
  readonly maxBytes?: number;
  /**
   * Reads the input. Refusals are `CodedError`s; anything else that is thrown is a finding. The answer, a few words at
   * most, says which way was taken through the parser: inputs that take a new one are kept and changed further.
   */
  run(input: Uint8Array): string;
}

/** A property that must hold for every input did not. */
export class BrokenPromise extends Error {
  constructor(promise: string) {
    super(promise);
    this.name = 'BrokenPromise';
  }
}

/** @throws BrokenPromise unless it holds */
export function promise(what: string, holds: boolean): void {
  if (!holds) throw new BrokenPromise(what);
}

/** `work`'s answer, or undefined when it refuses by a code. */
export function orRefusal<Value>(work: () => Value): Value | undefined {
  try {
    return work();
  } catch (error) {
    if (hasCode(error)) return undefined;
    throw error;
  }
}
