import type { Logger } from '@touchstone/ports';

/** A service that has not closed by then is left behind. */
export const SHUTDOWN_TIMEOUT_MS = 10_000;

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** The part of `process` that shutting down needs. */
export interface ShutdownProcess {
  on(signal: NodeJS.Signals, listener: () => void): unknown;
  off(signal: NodeJS.Signals, listener: () => void): unknown;
  exit(code: number): void;
}

export interface ShutdownOptions {
  readonly logger: Logger;
  readonly timeoutMs?: number;
  readonly process?: ShutdownProcess;
}

/**
 * Calls `close` once on the first SIGINT or SIGTERM, then exits: 0 when it closed, 1 when it failed or took longer
 * than the timeout. A second signal exits at once with 1. Answers with a function that takes the listeners away.
 */
export function onShutdown(close: () => Promise<void>, options: ShutdownOptions): () => void {
  const { logger, timeoutMs = SHUTDOWN_TIMEOUT_MS } = options;
  const target = options.process ?? process;
  let closing = false;

  const listener = (): void => {
    if (closing) return target.exit(1);
    closing = true;
    logger.info('closing');
    const timer = setTimeout(() => {
      logger.error('closing took too long', { timeoutMs });
      target.exit(1);
    }, timeoutMs);
    close().then(
      () => {
        clearTimeout(timer);
        target.exit(0);
      },
      (error: unknown) => {
        clearTimeout(timer);
        logger.error('closing failed', { error });
        target.exit(1);
      },
    );
  };

  for (const signal of SIGNALS) target.on(signal, listener);
  return () => {
    for (const signal of SIGNALS) target.off(signal, listener);
  };
}
