import type { WireAnswer } from './answers';

/** Answers that are kept by the very text of their request line. */
export const MAX_HOT_ANSWERS = 2_048;

export interface HotAnswer extends WireAnswer {
  /** Pattern of the route, for metrics. */
  readonly route: string;
  /** Milliseconds since the epoch until which the answer holds. */
  readonly freshUntil: number;
}

/**
 * What was answered lately, by request target: asked again in the same words, a document goes out without a look at the
 * request. Everything is forgotten whenever the cache behind has changed.
 */
export class HotAnswers {
  readonly #answers = new Map<string, HotAnswer>();
  readonly #revision: () => number;
  #seen: number;

  constructor(revision: () => number) {
    this.#revision = revision;
    this.#seen = revision();
  }

  get(target: string, now: number): HotAnswer | undefined {
    this.#forgetOld();
    const answer = this.#answers.get(target);
    return answer && answer.freshUntil > now ? answer : undefined;
  }

  /** `revision` is that of the cache before it was asked: an answer that is no longer the newest is not kept. */
  keep(target: string, answer: HotAnswer, revision: number): void {
    this.#forgetOld();
    if (revision !== this.#seen) return;
    // Whoever varies a request without end gets no hits, and costs the others theirs but no memory.
    if (this.#answers.size >= MAX_HOT_ANSWERS) this.#answers.clear();
    this.#answers.set(target, answer);
  }

  #forgetOld(): void {
    const revision = this.#revision();
    if (revision === this.#seen) return;
    this.#seen = revision;
    this.#answers.clear();
  }
}
