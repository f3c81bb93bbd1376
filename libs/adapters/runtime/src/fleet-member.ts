import { FleetHandlers, type Fleet } from './fleet';
import type { Answer, PrimaryMessage, WorkerMessage } from './fleet-messages';

/** The part of a worker's `process` that leads to the one that started it. */
export interface WorkerChannel {
  send(message: WorkerMessage): void;
  /** Calls `listener` for each message. */
  receive(listener: (message: PrimaryMessage) => void): void;
}

export class FleetError extends Error {
  override readonly name = 'FleetError';
}

interface Asked {
  readonly resolve: (values: readonly unknown[]) => void;
  readonly reject: (error: FleetError) => void;
}

/** A worker's view of its fleet. */
export function joinFleet(channel: WorkerChannel, size: number): Fleet {
  const handlers = new FleetHandlers();
  const asked = new Map<number, Asked>();
  let lastId = 0;
  let allReady = false;

  async function answer(round: number, topic: string): Promise<void> {
    channel.send({ kind: 'answer', round, ...(await answerOf(handlers, topic)) });
  }

  channel.receive((message) => {
    if (message.kind === 'all-ready') allReady = message.ready;
    else if (message.kind === 'question') void answer(message.round, message.topic);
    else if (message.kind === 'answers') {
      const { id, values, failure } = message;
      const waiting = asked.get(id);
      asked.delete(id);
      if (failure === undefined) waiting?.resolve(values);
      else waiting?.reject(new FleetError(`another worker failed: ${failure}`));
    }
  });

  return {
    size,
    async ready() {
      if (!allReady) throw new FleetError('not all workers are ready');
    },
    handle: (topic, work) => handlers.set(topic, work),
    async ask(topic) {
      const others = new Promise<readonly unknown[]>((resolve, reject) => {
        const id = ++lastId;
        asked.set(id, { resolve, reject });
        channel.send({ kind: 'ask', id, topic });
      });
      const [own, rest] = await Promise.all([handlers.run(topic), others]);
      return [...own, ...rest];
    },
  };
}

async function answerOf(handlers: FleetHandlers, topic: string): Promise<Answer> {
  try {
    return { values: await handlers.run(topic) };
  } catch (error) {
    return { values: [], failure: error instanceof Error ? error.message : String(error) };
  }
}
