import type { RequestListener } from 'node:http';
import { createApp } from '@touchstone/http';
import type { Clock, Logger, Random } from '@touchstone/ports';
import type { Metrics } from '@touchstone/runtime';
import type { PckCache } from '@touchstone/service-pck-cache';
import { DIALECT } from './error-table';
import { HotAnswers } from './hot-answers';
import { hotPath } from './hot-path';
import { INTEL_CRL_HOSTS } from './parameters';
import { refreshRoutes } from './refresh-route';
import { readRoutes } from './routes';

export interface PckCacheServerOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly random: Random;
  readonly ready?: () => Promise<void>;
  /** Lower-case hex SHA-512 of the admin token; without it nobody may refresh. */
  readonly adminTokenHash?: string;
  /** Hosts that CRLs are fetched from; Intel's when absent. */
  readonly crlHosts?: readonly string[];
}

/** The listener of the caching service; it never listens itself. */
export function createPckCacheServer(
  cache: PckCache,
  options: PckCacheServerOptions,
): RequestListener {
  const { clock, logger, metrics, random, ready, adminTokenHash } = options;
  const hot = new HotAnswers(cache.revision);
  const app = createApp({
    service: 'pck-cache',
    logger,
    metrics,
    clock,
    random,
    requestId: 'pcs',
    ...(ready ? { ready } : {}),
    errors: DIALECT,
    routes: (express) => {
      readRoutes(express, cache, { hot, crlHosts: options.crlHosts ?? INTEL_CRL_HOSTS });
      refreshRoutes(express, cache, adminTokenHash);
    },
  });
  return hotPath(app, { hot, clock, logger, metrics, random });
}
