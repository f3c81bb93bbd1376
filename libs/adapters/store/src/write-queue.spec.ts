import { WriteQueue, type WriteQueueOptions } from './write-queue';

/** Writes that wait until they are let through. */
function aQueue(options: Partial<WriteQueueOptions<number>> = {}) {
  const batches: (readonly number[])[] = [];
  const reported: (readonly number[])[] = [];
  const held: (() => void)[] = [];
  const queue = new WriteQueue<number>({
    write: async (rows) => {
      await new Promise<void>((resolve) => held.push(resolve));
      if (rows.includes(13)) throw new Error('disk full');
      batches.push(rows);
    },
    report: (rows) => reported.push(rows),
    maxWaiting: 4,
    maxBatch: 3,
    gatherMs: 5,
    ...options,
  });
  const turn = () => new Promise(setImmediate);
  const letThrough = async (): Promise<void> => {
    await turn();
    while (held.length > 0) {
      held.shift()?.();
      await turn();
    }
  };
  return { queue, batches, reported, turn, letThrough };
}

const isSettled = async (promise: Promise<void>): Promise<boolean> => {
  let settled = false;
  void promise.then(() => (settled = true));
  await new Promise(setImmediate);
  return settled;
};

describe('WriteQueue', () => {
  it('writes many rows at once, in order, beside its callers', async () => {
    const { queue, batches, letThrough } = aQueue();
    for (const row of [1, 2, 3, 4]) await queue.add(row);
    expect(batches).toEqual([]);
    const flushed = queue.flush();
    await letThrough();
    await flushed;
    expect(batches).toEqual([[1, 2, 3], [4]]);
  });

  it('writes by itself after a moment', async () => {
    const { queue, batches, letThrough } = aQueue();
    await queue.add(1);
    await new Promise((resolve) => setTimeout(resolve, 20));
    await letThrough();
    expect(batches).toEqual([[1]]);
  });

  it('makes callers wait while too many rows do', async () => {
    const { queue, letThrough, turn } = aQueue();
    // Three are being written, four wait.
    for (const row of [1, 2, 3]) await queue.add(row);
    await turn();
    for (const row of [4, 5, 6, 7]) await queue.add(row);
    const crowded = queue.add(8);
    expect(await isSettled(crowded)).toBe(false);
    await letThrough();
    await crowded;
  });

  it('flushes what is added while it writes', async () => {
    const { queue, batches, letThrough, turn } = aQueue();
    await queue.add(1);
    void queue.flush();
    await turn();
    await queue.add(2);
    const flushed = queue.flush();
    await letThrough();
    await flushed;
    expect(batches).toEqual([[1], [2]]);
  });

  it('reports what it could not write, and goes on', async () => {
    const { queue, batches, reported, letThrough } = aQueue({ maxBatch: 1 });
    for (const row of [13, 1]) await queue.add(row);
    const flushed = queue.flush();
    await letThrough();
    await flushed;
    expect([reported, batches]).toEqual([[[13]], [[1]]]);
  });

  it('has nothing to wait for when it is empty', async () => {
    const { queue } = aQueue();
    await queue.flush();
    await queue.flush();
  });
});
