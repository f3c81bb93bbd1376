export interface WriteQueueOptions<Row> {
  /** Writes all or none. */
  readonly write: (rows: readonly Row[]) => Promise<void>;
  /** Told of rows that could not be written. */
  readonly report: (rows: readonly Row[], error: unknown) => void;
  /** Rows that may wait; whoever adds one more, waits with it. */
  readonly maxWaiting: number;
  readonly maxBatch: number;
  /** How long the first row waits for others. */
  readonly gatherMs: number;
}

/** Rows that are written beside the work that made them, many at a time. */
export class WriteQueue<Row> {
  readonly #options: WriteQueueOptions<Row>;
  readonly #waiting: Row[] = [];
  readonly #crowd: (() => void)[] = [];
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> | undefined;

  constructor(options: WriteQueueOptions<Row>) {
    this.#options = options;
  }

  /** Resolves at once, unless too many rows wait: then when there is room again. Never rejects. */
  add(row: Row): Promise<void> {
    const { maxBatch, maxWaiting, gatherMs } = this.#options;
    this.#waiting.push(row);
    if (this.#waiting.length >= maxBatch) void this.flush();
    else this.#timer ??= setTimeout(() => void this.flush(), gatherMs);
    if (this.#waiting.length <= maxWaiting) return Promise.resolve();
    return new Promise((resolve) => this.#crowd.push(resolve));
  }

  /** Resolves when all rows that were added are written or reported. */
  flush(): Promise<void> {
    return (this.#writing ??= this.#writeAll());
  }

  async #writeAll(): Promise<void> {
    // Rows of this turn of the event loop go along.
    await null;
    const { write, report, maxBatch, maxWaiting } = this.#options;
    while (this.#waiting.length > 0) {
      const rows = this.#waiting.splice(0, maxBatch);
      try {
        await write(rows);
      } catch (error) {
        report(rows, error);
      }
      if (this.#waiting.length <= maxWaiting) for (const go of this.#crowd.splice(0)) go();
    }
    clearTimeout(this.#timer);
    this.#timer = undefined;
    // In the same step as the last look at the queue: whoever adds next starts anew.
    this.#writing = undefined;
  }
}
