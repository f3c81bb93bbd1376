import cluster from 'node:cluster';
import type { Logger } from '@touchstone/ports';
import { ConfigError } from './env';
import { soleFleet, type Fleet } from './fleet';
import { joinFleet, type WorkerChannel } from './fleet-member';
import type { PrimaryMessage } from './fleet-messages';
import { createLogger } from './logger';
import { onShutdown, type ShutdownProcess } from './shutdown';
import { workerCount } from './worker-count';
import { superviseWorkers } from './workers';

/** Something that was started and can be closed. */
export interface Running {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * The frame of every `main.ts`: starts the service, says where it answers, closes it on a signal. A start that fails
 * is one line in the log (one more for each configuration problem) and exit code 1.
 */
export function runMain(service: string, start: () => Promise<Running>): void {
  runAlone(start, createLogger({ service }));
}

/** The same for a service that can be several processes (`--workers`, `TOUCHSTONE_WORKERS`) behind one port. */
export function runFleetMain(service: string, start: (fleet: Fleet) => Promise<Running>): void {
  const logger = createLogger({ service });
  try {
    const size = workerCount(process.argv.slice(2), process.env);
    if (size === 1) runAlone(() => start(soleFleet()), logger);
    else if (cluster.isPrimary) superviseWorkers(size, logger);
    else runWorker(start, size, logger);
  } catch (error) {
    refuse(error, logger);
  }
}

function runAlone(start: () => Promise<Running>, logger: Logger): void {
  start().then(
    (running) => {
      onShutdown(() => running.close(), { logger });
      logger.info('ready', { url: running.url });
    },
    (error: unknown) => refuse(error, logger),
  );
}

function runWorker(start: (fleet: Fleet) => Promise<Running>, size: number, logger: Logger): void {
  const channel: WorkerChannel = {
    // The one that listened may be gone; then so is this process, soon.
    send: (message) => void (process.connected && process.send?.(message)),
    receive: (listener) => void process.on('message', listener),
  };
  const running = start(joinFleet(channel, size));
  onShutdown(async () => (await running).close(), { logger, process: toldByPrimary() });
  running.then(
    ({ url }) => channel.send({ kind: 'ready', url }),
    (error: unknown) => refuse(error, logger),
  );
}

/**
 * A signal of the terminal reaches all processes at once; a worker closes when the primary says so. When the primary is gone,
 * Node ends the worker.
 */
function toldByPrimary(): ShutdownProcess {
  process.on('SIGINT', () => undefined);
  let told = false;
  return {
    on: (signal, listener) => {
      if (signal !== 'SIGTERM') return;
      const once = (): void => {
        if (told) return;
        told = true;
        listener();
      };
      process.on('SIGTERM', once);
      process.on('message', (message: PrimaryMessage) => {
        if (message.kind === 'close') once();
      });
    },
    off: () => undefined,
    exit: (code) => process.exit(code),
  };
}

function refuse(error: unknown, logger: Logger): void {
  if (error instanceof ConfigError) logger.error('refused to start', { problems: error.problems });
  else logger.error('could not start', { error });
  process.exit(1);
}
