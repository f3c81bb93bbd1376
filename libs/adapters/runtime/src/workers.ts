import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import type { Logger } from '@touchstone/ports';
import { FleetHub } from './fleet-hub';
import type { WorkerMessage } from './fleet-messages';
import { onShutdown } from './shutdown';

/** Between the end of a worker and the start of the next; doubled for each that ends before it is ready. */
export const RESTART_DELAY_MS = 100;
export const MAX_RESTART_DELAY_MS = 10_000;

/**
 * The process that a service's workers come from. It serves nothing itself: it hands connections round, starts another worker
 * for each that ends, and ends them all on a signal. The first one starts alone, so that whatever a first start makes is made
 * once; if it cannot, neither can the service, and the process exits with 1.
 */
export function superviseWorkers(size: number, logger: Logger): void {
  const hub = new FleetHub(size);
  let closing = false;
  let started = false;
  let announced = false;
  let delay = RESTART_DELAY_MS;

  const start = (): void => {
    if (closing) return;
    const worker = cluster.fork();
    hub.join(worker.id, (message) => {
      if (worker.isConnected()) worker.send(message);
    });
    worker.on('message', (message: WorkerMessage) => take(worker, message));
    worker.once('exit', (code, signal) => ended(worker, code, signal));
  };

  function take(worker: Worker, message: WorkerMessage): void {
    hub.take(worker.id, message);
    if (message.kind !== 'ready') return;
    delay = RESTART_DELAY_MS;
    logger.info('a worker is ready', { worker: worker.id, pid: worker.process.pid });
    if (!started) for (let more = 1; more < size; more++) start();
    started = true;
    if (announced || !hub.allReady) return;
    announced = true;
    logger.info('ready', { url: message.url, workers: size });
  }

  function ended(worker: Worker, code: number | null, signal: string | null): void {
    hub.leave(worker.id);
    if (closing) return;
    if (!started) process.exit(1);
    logger.error('a worker ended', { worker: worker.id, code, signal });
    setTimeout(start, delay);
    delay = Math.min(delay * 2, MAX_RESTART_DELAY_MS);
  }

  onShutdown(
    async () => {
      closing = true;
      await Promise.all(Object.values(cluster.workers ?? {}).map(close));
    },
    { logger },
  );
  start();
}

async function close(worker: Worker | undefined): Promise<void> {
  if (worker === undefined || worker.isDead()) return;
  const exited = once(worker, 'exit') as Promise<[number | null]>;
  if (worker.isConnected()) worker.send({ kind: 'close' });
  const [code] = await exited;
  if (code !== 0) throw new Error(`worker ${worker.id} did not close: exit code ${code}`);
}
