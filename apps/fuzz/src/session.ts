import { CodedError } from '@touchstone/errors';
import { concat } from '@touchstone/bytes';
import { BYTE_MUTATIONS } from './byte-mutations';
import { Corpus } from './corpus';
import { createDice } from './dice';
import type { FuzzTarget } from './target';

/** An execution that takes longer, every time it is tried, hangs. */
export const HANG_MS = 250;
export const DEFAULT_MAX_INPUT_BYTES = 160 * 1024;
const MAX_STACKED_MUTATIONS = 6;
const MAX_WAYS = 20_000;
const MAX_WAY_CHARACTERS = 60;
const STACK_FRAMES = 12;
const HANG_ATTEMPTS = 5;

export interface Finding {
  readonly target: string;
  readonly kind: 'error' | 'hang' | 'memory';
  /** What was thrown, or how long it took. */
  readonly what: string;
  /** Number of the execution, counted from 1, under the seed. */
  readonly execution: number;
  readonly seed: string;
  readonly input: Uint8Array;
}

export interface SessionFacts {
  readonly executions: number;
  readonly accepted: number;
  readonly refused: number;
  /** Different ways through the parser that were seen: answers and refusals. */
  readonly ways: number;
  readonly corpus: number;
  readonly slowestMs: number;
}

/** One outcome of a parser: what it answered, by which code it refused, or a fault. */
export type Outcome =
  | { readonly kind: 'accepted' | 'refused'; readonly way: string }
  | { readonly kind: 'fault'; readonly what: string };

/** One execution. Faults are told with their stack, refusals are not: they are many. */
export function execute(target: FuzzTarget, input: Uint8Array): Outcome {
  try {
    return { kind: 'accepted', way: target.run(input) };
  } catch (error) {
    if (error instanceof CodedError) return { kind: 'refused', way: refusalWay(error) };
    return { kind: 'fault', what: told(error) };
  }
}

/** A code, the field and the words around the numbers: close to the line that refused. */
const refusalWay = ({ code, field, message }: CodedError): string =>
  [code, field ?? '', message]
    .map((text) => text.slice(0, MAX_WAY_CHARACTERS).replace(/\d+/g, '#'))
    .join('|');

/** FNV-1a, 32 bits: a text kept whole would keep what it was cut from, and inputs choose their texts. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  }
  return hash;
}

const told = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? `${error.name}: ${error.message}`) : String(error);

/** Executions of one target under one seed: the same seed gives the same inputs in the same order. */
export class Session {
  readonly target: FuzzTarget;
  readonly #seed: string;
  readonly #dice;
  readonly #corpus;
  readonly #ways = new Set<number>();
  #executions = 0;
  #accepted = 0;
  #slowestMs = 0;

  constructor(target: FuzzTarget, seed: string) {
    this.target = target;
    this.#seed = seed;
    this.#dice = createDice(`${seed}/${target.name}`);
    this.#corpus = new Corpus(target.seeds);
  }

  /** Bytes that the session itself holds on to. */
  get keptBytes(): number {
    return this.#corpus.bytes;
  }

  get facts(): SessionFacts {
    return {
      executions: this.#executions,
      accepted: this.#accepted,
      refused: this.#executions - this.#accepted,
      ways: this.#ways.size,
      corpus: this.#corpus.size,
      slowestMs: this.#slowestMs,
    };
  }

  /** The next input: the seeds as they are, then changes. */
  next(): Uint8Array {
    const seed = this.target.seeds[this.#executions];
    this.#executions += 1;
    return seed ?? this.#mutated();
  }

  /** Runs an input that `next` gave. */
  run(input: Uint8Array): Finding | undefined {
    const started = performance.now();
    const outcome = execute(this.target, input);
    const ms = performance.now() - started;
    if (ms > this.#slowestMs) this.#slowestMs = ms;
    if (outcome.kind === 'fault') return this.finding('error', this.#withStack(input), input);
    if (outcome.kind === 'accepted') this.#accepted += 1;
    this.#learn(`${outcome.kind} ${outcome.way}`, input);
    if (ms > HANG_MS) return this.#slow(input, ms);
    return undefined;
  }

  finding(kind: Finding['kind'], what: string, input: Uint8Array): Finding {
    const { name } = this.target;
    return { target: name, kind, what, execution: this.#executions, seed: this.#seed, input };
  }

  #mutated(): Uint8Array {
    const { shape, tokens = [], maxBytes = DEFAULT_MAX_INPUT_BYTES } = this.target;
    const dice = this.#dice;
    const material = { dice, tokens, other: this.#corpus.pick(dice) };
    let input = this.#corpus.pick(dice);
    const rounds = 1 + (dice.oneIn(2) ? 0 : dice.below(MAX_STACKED_MUTATIONS));
    for (let round = 0; round < rounds; round++) {
      const mutation = shape && dice.oneIn(2) ? shape : dice.pick(BYTE_MUTATIONS);
      // Nothing mutates an empty input; a byte is the smallest that something can be done with.
      input = mutation(input.length === 0 ? dice.bytes(1) : input, material);
      if (input.length > maxBytes) input = input.slice(0, maxBytes);
    }
    return concat(input);
  }

  #learn(way: string, input: Uint8Array): void {
    const known = hashOf(way);
    if (this.#ways.size >= MAX_WAYS || this.#ways.has(known)) return;
    this.#ways.add(known);
    this.#corpus.keep(input, this.#dice);
  }

  /** A pause of the machine happens once, a slow parser every time. */
  #slow(input: Uint8Array, first: number): Finding | undefined {
    let fastest = first;
    for (let attempt = 1; attempt < HANG_ATTEMPTS; attempt++) {
      const started = performance.now();
      execute(this.target, input);
      fastest = Math.min(fastest, performance.now() - started);
    }
    if (fastest <= HANG_MS) return undefined;
    return this.finding('hang', `${Math.round(fastest)} ms for ${input.length} bytes`, input);
  }

  /** Once more with stack frames, which are switched off for speed. */
  #withStack(input: Uint8Array): string {
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = STACK_FRAMES;
    try {
      const outcome = execute(this.target, input);
      return outcome.kind === 'fault' ? outcome.what : 'it happened once and not again';
    } finally {
      Error.stackTraceLimit = limit;
    }
  }
}
