import type { DecisionStore, Logger, StoredDecision } from '@touchstone/ports';

/** Decisions that wait to be written; beyond this, whoever records one waits with it. */
export const MAX_PENDING_DECISIONS = 1000;

export interface DecisionRecorder {
  /** Resolves at once unless too many wait: a caller's answer does not wait for the disk. */
  record(decision: StoredDecision): Promise<void>;
  /** Resolves when everything recorded so far is written. */
  flush(): Promise<void>;
}

export interface DecisionRecorderOptions {
  readonly store: Pick<DecisionStore, 'append'>;
  readonly logger: Logger;
  readonly maxPending?: number;
}

/** Hands decisions to the store as they come, so that it may write several at once, beside the requests that made them. */
export function createDecisionRecorder(options: DecisionRecorderOptions): DecisionRecorder {
  const { store, logger, maxPending = MAX_PENDING_DECISIONS } = options;
  const pending = new Set<Promise<void>>();

  async function write(decision: StoredDecision): Promise<void> {
    try {
      await store.append(decision);
    } catch (error) {
      // A record that cannot be kept must not undo the decision; the log still has it.
      logger.error('a decision record was not kept', { requestId: decision.requestId, error });
    }
  }

  return {
    record(decision) {
      const writing = write(decision).finally(() => pending.delete(writing));
      pending.add(writing);
      return pending.size > maxPending ? writing : Promise.resolve();
    },
    async flush() {
      await Promise.all(pending);
    },
  };
}
