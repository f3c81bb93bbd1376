import type { Finding } from './session';
import type { Limits, TargetReport } from './run';

/** What a worker is told to do. */
export interface Order {
  readonly target: string;
  readonly seed: string;
  readonly limits: Limits;
}

export interface WorkerData {
  readonly orders: readonly Order[];
  readonly shared: SharedArrayBuffer;
}

/** What a worker tells. */
export type WorkerMessage =
  | { readonly kind: 'started'; readonly order: Order }
  | { readonly kind: 'done'; readonly report: TargetReport };

const HEADER_BYTES = 8;
const MAX_WATCHED_BYTES = 1024 * 1024;

/**
 * Memory that a worker and its supervisor share: number of executions, and the input that is being read. A worker that never
 * comes back cannot say what it is stuck in; this can.
 */
export class Blackboard {
  readonly shared: SharedArrayBuffer;
  readonly #counters: Int32Array;
  readonly #input: Uint8Array;

  constructor(shared = new SharedArrayBuffer(HEADER_BYTES + MAX_WATCHED_BYTES)) {
    this.shared = shared;
    this.#counters = new Int32Array(shared, 0, 2);
    this.#input = new Uint8Array(shared, HEADER_BYTES);
  }

  before(input: Uint8Array): void {
    const length = Math.min(input.length, this.#input.length);
    this.#input.set(input.subarray(0, length));
    this.#counters[1] = length;
    Atomics.add(this.#counters, 0, 1);
  }

  get executions(): number {
    return Atomics.load(this.#counters, 0);
  }

  get input(): Uint8Array {
    return this.#input.slice(0, this.#counters[1]);
  }
}

export const hangOf = (order: Order, board: Blackboard, ms: number): Finding => ({
  target: order.target,
  kind: 'hang',
  what: `no answer within ${ms} ms`,
  execution: board.executions,
  seed: order.seed,
  input: board.input,
});
