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

/** Writes decisions in their order, beside the requests that made them. */
export function createDecisionRecorder(options: DecisionRecorderOptions): DecisionRecorder {
  const { store, logger, maxPending = MAX_PENDING_DECISIONS } = options;
  let pending = 0;
  let tail = Promise.resolve();

  async function write(decision: StoredDecision): Promise<void> {
    try {
      await store.append(decision);
    } catch (error) {
      // A record that cannot be kept must not undo the decision; the log still has it.
      logger.error('a decision record was not kept', { requestId: decision.requestId, error });
    } finally {
      pending -= 1;
    }
  }

  return {
    record(decision) {
      pending += 1;
      tail = tail.then(() => write(decision));
      return pending > maxPending ? tail : Promise.resolve();
    },
    flush: () => tail,
  };
}
