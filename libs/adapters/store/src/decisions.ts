import type { DecisionStore, StoredDecision } from '@touchstone/ports';
import type { Insertable, Selectable } from 'kysely';
import type { Db, Tables } from './tables';

/** Records kept unless the store is told otherwise. */
export const DEFAULT_MAX_DECISIONS = 10_000;
/** Old records are taken away after this many new ones, so that not every write pays for it. */
export const PRUNE_EVERY = 256;
/** Rows of one insert; PostgreSQL and SQLite both bound the parameters of a statement. */
const MAX_BATCH = 500;

interface Waiting {
  readonly row: Insertable<Tables['decision']>;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

export interface ClosableDecisionStore extends DecisionStore {
  /** Resolves when all that was appended is written. */
  flush(): Promise<void>;
}

/**
 * Records that arrive while another write is under way are written together, in one transaction: a busy service pays
 * for one synchronisation of the disk, not for one a request. `append` resolves when its record is on the disk.
 */
export function createDecisionStore(db: Db, max: number): ClosableDecisionStore {
  const waiting: Waiting[] = [];
  let writing: Promise<void> | undefined;
  let sincePrune = 0;

  const writeBatch = async (batch: readonly Waiting[]): Promise<void> => {
    try {
      await insert(db, batch);
      for (const { resolve } of batch) resolve();
    } catch (error) {
      for (const { reject } of batch) reject(error);
      return;
    }
    sincePrune += batch.length;
    if (sincePrune >= Math.min(PRUNE_EVERY, max) && (await prune(db, max))) sincePrune = 0;
  };

  const writeAll = async (): Promise<void> => {
    // What is appended in the same turn of the event loop goes along.
    await new Promise((resolve) => setImmediate(resolve));
    while (waiting.length > 0) await writeBatch(waiting.splice(0, MAX_BATCH));
    // In the same step as the last look at the queue: whoever appends next starts a new round.
    writing = undefined;
  };

  const flush = (): Promise<void> => (writing ??= writeAll());

  return {
    flush,
    append: async (decision) => {
      // Before it joins a batch: a record that cannot be written must not take others with it.
      const row = rowOf(decision);
      await new Promise<void>((resolve, reject) => {
        waiting.push({ row, resolve, reject });
        void flush();
      });
    },
    find: async (requestId) => {
      const row = await db
        .selectFrom('decision')
        .selectAll()
        .where('request_id', '=', requestId)
        .orderBy('seq', 'desc')
        .limit(1)
        .executeTakeFirst();
      return row && decisionOf(row);
    },
    recent: async (limit) => {
      const rows = await db
        .selectFrom('decision')
        .selectAll()
        .orderBy('seq', 'desc')
        .limit(limit)
        .execute();
      return rows.map(decisionOf);
    },
  };
}

async function insert(db: Db, batch: readonly Waiting[]): Promise<void> {
  const rows = batch.map(({ row }) => row);
  await db.insertInto('decision').values(rows).execute();
}

function rowOf(decision: StoredDecision): Insertable<Tables['decision']> {
  return {
    request_id: decision.requestId,
    service: decision.service,
    at: decision.at.toISOString(),
    record: decision.record,
  };
}

/** Keeps the newest `max`. False when it failed: the records are written, and the next write tries again. */
async function prune(db: Db, max: number): Promise<boolean> {
  const newest = db.selectFrom('decision').select('seq').orderBy('seq', 'desc').limit(1);
  try {
    await db
      .deleteFrom('decision')
      .where('seq', '<', newest.offset(max - 1))
      .execute();
    return true;
  } catch {
    return false;
  }
}

function decisionOf(row: Selectable<Tables['decision']>): StoredDecision {
  return {
    requestId: row.request_id,
    service: row.service,
    at: new Date(row.at),
    record: row.record,
  };
}
