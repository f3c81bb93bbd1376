/** The processes that are one service together; most often it is one. */
export interface Fleet {
  readonly size: number;
  /** Rejects unless all of them are ready. */
  ready(): Promise<void>;
  /** What this process does, and answers with (JSON), when one of them asks. */
  handle(topic: string, work: () => Promise<unknown>): void;
  /**
   * Asks all of them, this one included, and waits for all answers; one that ends meanwhile answers nothing. Rejects when
   * one fails.
   */
  ask(topic: string): Promise<readonly unknown[]>;
}

/** What a process does when it is asked. */
export class FleetHandlers {
  readonly #works = new Map<string, () => Promise<unknown>>();

  set(topic: string, work: () => Promise<unknown>): void {
    this.#works.set(topic, work);
  }

  /** A process that is not that far yet has nothing that could be asked for. */
  async run(topic: string): Promise<readonly unknown[]> {
    const work = this.#works.get(topic);
    return work === undefined ? [] : [await work()];
  }
}

/** A service that is one process. */
export function soleFleet(): Fleet {
  const handlers = new FleetHandlers();
  return {
    size: 1,
    ready: async () => undefined,
    handle: (topic, work) => handlers.set(topic, work),
    ask: (topic) => handlers.run(topic),
  };
}
