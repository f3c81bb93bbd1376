import type { DecisionStore, Logger, StoredDecision } from '@touchstone/ports';
import type { Insertable, Selectable } from 'kysely';
import { createDecisionInsert } from './decision-insert';
import type { Db, Tables } from './tables';
import { WriteQueue } from './write-queue';

/** Records kept unless the store is told otherwise. */
export const DEFAULT_MAX_DECISIONS = 10_000;
/** Old records are taken away after this many new ones, so that not every write pays for it. */
export const PRUNE_EVERY = 256;
/** Records that wait to be written; beyond this, whoever appends one waits with it. */
export const MAX_WAITING_DECISIONS = 1_000;
/** Records of one transaction. */
const MAX_BATCH = 256;
const GATHER_MS = 20;

type Row = Insertable<Tables['decision']>;

export interface DecisionStoreOptions {
  /** Records kept. */
  readonly max: number;
  readonly logger?: Logger;
}

/** Appended records are written beside the answers that they are about, in batches; whoever looks for one waits for the write. */
export function createDecisionStore(db: Db, { max, logger }: DecisionStoreOptions): DecisionStore {
  const insert = createDecisionInsert(db);
  let sincePrune = 0;

  async function write(rows: readonly Row[]): Promise<void> {
    await insert(rows);
    sincePrune += rows.length;
    if (sincePrune >= Math.min(PRUNE_EVERY, max) && (await prune(db, max))) sincePrune = 0;
  }

  // A record that cannot be kept must not undo the decision; the log says which it was.
  const report = (requestIds: readonly string[], error: unknown): void =>
    logger?.error('decision records were not kept', { requestIds, error });

  const queue = new WriteQueue<Row>({
    write,
    report: (rows, error) =>
      report(
        rows.map((row) => row.request_id),
        error,
      ),
    maxWaiting: MAX_WAITING_DECISIONS,
    maxBatch: MAX_BATCH,
    gatherMs: GATHER_MS,
  });

  return {
    async append(decision) {
      try {
        // Before it joins a batch: a record that cannot be written must not take others with it.
        await queue.add(rowOf(decision));
      } catch (error) {
        report([decision.requestId], error);
      }
    },
    keep: (decision) => write([rowOf(decision)]),
    flush: () => queue.flush(),
    find: async (requestId) => {
      await queue.flush();
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
      await queue.flush();
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

function rowOf(decision: StoredDecision): Row {
  return {
    request_id: decision.requestId,
    service: decision.service,
    at: decision.at.toISOString(),
    record: decision.record,
  };
}

/**
 * Keeps the newest `max`, or a few less where numbers were skipped: counting rows would read them all. False when it failed:
 * the records are written, and the next write tries again.
 */
async function prune(db: Db, max: number): Promise<boolean> {
  try {
    await db
      .deleteFrom('decision')
      .where('seq', '<=', ({ selectFrom, fn, val }) =>
        selectFrom('decision').select(({ eb }) => eb(fn.max('seq'), '-', val(max)).as('last')),
      )
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
