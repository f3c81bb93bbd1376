import { ConfigError } from './env';
import { createLogger } from './logger';
import { onShutdown } from './shutdown';

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
  const logger = createLogger({ service });
  start().then(
    (running) => {
      onShutdown(() => running.close(), { logger });
      logger.info('ready', { url: running.url });
    },
    (error: unknown) => {
      if (error instanceof ConfigError)
        logger.error('refused to start', { problems: error.problems });
      else logger.error('could not start', { error });
      process.exit(1);
    },
  );
}
