import type { Logger, StoredDecision } from '@touchstone/ports';
import { createDecisionRecorder } from './decision-recorder';

const decision = (requestId: string): StoredDecision => ({
  requestId,
  service: 'attestation-service',
  at: new Date('2026-01-01T00:00:00Z'),
  record: '{}',
});

function aLogger() {
  const errors: string[] = [];
  const logger: Logger = {
    debug: () => undefined,
    info: () => undefined,
    warn: () => undefined,
    error: (message) => errors.push(message),
    child: () => logger,
  };
  return { logger, errors };
}

/** A store whose writes wait until they are let through. */
function aSlowStore() {
  const kept: string[] = [];
  const waiting: (() => void)[] = [];
  const append = async ({ requestId }: StoredDecision): Promise<void> => {
    await new Promise<void>((resolve) => waiting.push(resolve));
    kept.push(requestId);
  };
  const release = async (): Promise<void> => {
    while (waiting.length > 0) {
      waiting.shift()?.();
      await new Promise(setImmediate);
    }
  };
  return { append, kept, release };
}

describe('createDecisionRecorder', () => {
  it('does not keep its caller waiting, and writes in order', async () => {
    const store = aSlowStore();
    const recorder = createDecisionRecorder({ store, logger: aLogger().logger });
    await recorder.record(decision('1'));
    await recorder.record(decision('2'));
    expect(store.kept).toEqual([]);
    const flushed = recorder.flush();
    await store.release();
    await flushed;
    expect(store.kept).toEqual(['1', '2']);
  });

  it('makes its caller wait when too many are pending', async () => {
    const store = aSlowStore();
    const recorder = createDecisionRecorder({ store, logger: aLogger().logger, maxPending: 1 });
    await recorder.record(decision('1'));
    let resolved = false;
    const second = recorder.record(decision('2')).then(() => (resolved = true));
    await new Promise(setImmediate);
    expect(resolved).toBe(false);
    await store.release();
    await second;
    expect(store.kept).toEqual(['1', '2']);
  });

  it('goes on after a write that failed', async () => {
    const { logger, errors } = aLogger();
    const kept: string[] = [];
    const append = async ({ requestId }: StoredDecision): Promise<void> => {
      if (requestId === '1') throw new Error('disk full');
      kept.push(requestId);
    };
    const recorder = createDecisionRecorder({ store: { append }, logger });
    await recorder.record(decision('1'));
    await recorder.record(decision('2'));
    await recorder.flush();
    expect(kept).toEqual(['2']);
    expect(errors).toHaveLength(1);
  });
});
