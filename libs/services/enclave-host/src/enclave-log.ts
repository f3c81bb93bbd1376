import type { Clock } from '@touchstone/ports';

/** Entries that are remembered of an enclave. */
export const MAX_LOG_ENTRIES = 512;
/** Characters of one text of an enclave. */
export const MAX_LOG_CHARACTERS = 4096;

export type LogKind = 'loaded' | 'ecall' | 'ecall-failed' | 'log' | 'ended';

export interface LogEntry {
  readonly time: Date;
  readonly kind: LogKind;
  /** `log`: the enclave's own text; `ecall`: its name; `ecall-failed`: name and code; `ended`: the code of its end. */
  readonly text: string;
  /** Entries before this one that its reader does not get. */
  readonly dropped: number;
}

interface Numbered {
  readonly number: number;
  readonly entry: Omit<LogEntry, 'dropped'>;
}

/** What is known of one enclave's life: the last entries, and whoever waits for more. A slow reader misses some, and is told. */
export class EnclaveLog {
  readonly #clock: Clock;
  readonly #kept: Numbered[] = [];
  readonly #waiting = new Set<() => void>();
  #next = 0;
  #ended = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(kind: LogKind, text: string): void {
    if (this.#ended) return;
    const entry = { time: this.#clock.now(), kind, text: text.slice(0, MAX_LOG_CHARACTERS) };
    this.#kept.push({ number: this.#next++, entry });
    if (this.#kept.length > MAX_LOG_ENTRIES) this.#kept.shift();
    this.#ended = kind === 'ended';
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }

  /** What there is, unless only what is new is asked for, and what comes, until the enclave has ended or `signal` aborts. */
  async *read(onlyNew: boolean, signal: AbortSignal): AsyncGenerator<LogEntry> {
    let next = onlyNew ? this.#next : 0;
    while (!signal.aborted) {
      const found = this.#kept.find(({ number }) => number >= next);
      if (found !== undefined) {
        yield { ...found.entry, dropped: found.number - next };
        next = found.number + 1;
      } else if (this.#ended) return;
      else await this.#more(signal);
    }
  }

  async #more(signal: AbortSignal): Promise<void> {
    let wake: () => void = () => undefined;
    await new Promise<void>((resolve) => {
      wake = resolve;
      this.#waiting.add(resolve);
      signal.addEventListener('abort', wake, { once: true });
    });
    this.#waiting.delete(wake);
    signal.removeEventListener('abort', wake);
  }
}
