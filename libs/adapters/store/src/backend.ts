import type { Db } from './tables';

/** One of the two databases, opened, with all migrations done. */
export interface Backend {
  readonly db: Db;
  ping(): Promise<void>;
  close(): Promise<void>;
}
