import { listen } from '@touchstone/http';
import type { HttpClient } from '@touchstone/http-client';
import { createPcsClient, INTEL_PCS_URL } from '@touchstone/pcs-client';
import { createMetrics, type ServiceStart } from '@touchstone/runtime';
import { createPckCache, type CachingFillMode } from '@touchstone/service-pck-cache';
import { openServiceStore, type Store } from '@touchstone/store';
import { loadKek, type LocalCa } from '@touchstone/tls';
import { DEFAULT_REFRESH_SECONDS, scheduleRefresh } from './schedule';
import { createPckCacheServer } from './server';

export interface PckCacheOptions extends ServiceStart {
  readonly tls: LocalCa;
  /** Reaches the upstream; its origin map says where Intel's host names lead. */
  readonly http: Pick<HttpClient, 'request'>;
  /** Read from the state folder when absent. */
  readonly kek?: Uint8Array;
  /** Origin of the provisioning certification service; Intel's when absent. */
  readonly upstreamUrl?: string;
  /** Where the root CRL is published; Intel's address when absent. */
  readonly rootCrlUrl?: string;
  readonly subscriptionKey?: string;
  readonly mode?: CachingFillMode;
  /** Between two refreshes; a day when absent. */
  readonly refreshSeconds?: number;
  readonly adminTokenHash?: string;
  /** Hosts that CRLs are fetched from; Intel's when absent. */
  readonly crlHosts?: readonly string[];
  /** Names beside `localhost` and `pck-cache` in the certificate. */
  readonly dnsNames?: readonly string[];
  /** Attempts beyond the first, for each document. */
  readonly retries?: number;
}

export interface RunningPckCache {
  readonly url: string;
  close(): Promise<void>;
}

const SERVICE = 'pck-cache';

/** Starts the PCK caching service. */
export async function startPckCache(options: PckCacheOptions): Promise<RunningPckCache> {
  const { home, databaseUrl, logger } = options;
  const store = await openServiceStore({
    service: SERVICE,
    home,
    kek: options.kek ?? (await loadKek({ home })),
    logger,
    ...(databaseUrl === undefined ? {} : { databaseUrl }),
  });
  try {
    return await serve(options, store);
  } catch (error) {
    await store.close();
    throw error;
  }
}

async function serve(options: PckCacheOptions, store: Store): Promise<RunningPckCache> {
  const { host, port, clock, logger, tls, mode, dnsNames = [] } = options;
  const upstream = createPcsClient({ ...options, baseUrl: options.upstreamUrl ?? INTEL_PCS_URL });
  const cache = createPckCache({
    store: store.documents,
    upstream,
    clock,
    logger,
    ...(mode === undefined ? {} : { mode }),
  });
  const app = createPckCacheServer(cache, {
    ...options,
    metrics: createMetrics(SERVICE),
    ready: () => store.ping(),
  });
  const identity = await tls.certificateFor({ service: SERVICE, dnsNames });
  const listening = await listen({ app, host, port, tls: identity, logger });
  const endRefresh =
    mode === 'OFFLINE'
      ? async () => undefined
      : scheduleRefresh(cache, options.refreshSeconds ?? DEFAULT_REFRESH_SECONDS, logger);
  return {
    url: listening.url,
    close: async () => {
      await listening.close();
      await endRefresh();
      await store.close();
    },
  };
}
