/** What was started, in order: closed the other way round, so that nobody loses what it leans on. */
export class Running {
  readonly #open: { close(): Promise<void> }[] = [];

  async add<T extends { close(): Promise<void> }>(starting: T | Promise<T>): Promise<T> {
    const started = await starting;
    this.#open.push(started);
    return started;
  }

  /** Closes everything, also what stands below one that fails to close; then throws the first failure. */
  async close(): Promise<void> {
    const failures: unknown[] = [];
    for (const service of this.#open.splice(0).reverse()) {
      await service.close().catch((error: unknown) => failures.push(error));
    }
    if (failures.length > 0) throw failures[0];
  }
}
