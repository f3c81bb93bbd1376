import type { Logger } from '@touchstone/ports';
import type { PckCache } from '@touchstone/service-pck-cache';

export const DEFAULT_REFRESH_SECONDS = 24 * 60 * 60;

/** Renews the collateral every so many seconds, never twice at once; answers with a function that ends it. */
export function scheduleRefresh(
  cache: PckCache,
  seconds: number,
  logger: Logger,
): () => Promise<void> {
  let running: Promise<void> = Promise.resolve();
  let idle = true;
  const refresh = async (): Promise<void> => {
    try {
      logger.info('collateral refreshed', { ...(await cache.refresh()) });
    } catch (error) {
      logger.warn('collateral could not be refreshed', { error });
    } finally {
      idle = true;
    }
  };
  const timer = setInterval(() => {
    if (!idle) return;
    idle = false;
    running = refresh();
  }, seconds * 1_000);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await running;
  };
}
