import path from 'node:path';
import { listen, type Listening } from '@touchstone/http';
import { createMetrics, type ServiceStart } from '@touchstone/runtime';
import { openServiceStore, type Store } from '@touchstone/store';
import { loadKek, type LocalCa } from '@touchstone/tls';
import { manufacturingToken, ROOT_FILE, writeRoot } from './files';
import { foundAuthority } from './founding';
import { createIntelPcsServer } from './server';
import { createIntelPcs } from './service';

export interface IntelPcsOptions extends ServiceStart {
  readonly tls: LocalCa;
  /** Read from the state folder when absent. */
  readonly kek?: Uint8Array;
  /** Bearer token of the factory; kept in the state folder when absent. */
  readonly manufacturingToken?: string;
  /** Subscription keys that v3 takes; any when absent. */
  readonly subscriptionKeys?: readonly string[];
  /** Names beside `localhost` that the service answers to; Intel's own are always among them. */
  readonly dnsNames?: readonly string[];
  /** Where the root certificate is put for verifiers; in the state folder when absent. */
  readonly rootFile?: string;
  /** Draw every key from `random`, RSA keys too. */
  readonly deterministic?: boolean;
}

export interface RunningIntelPcs {
  readonly url: string;
  /** Path of the root certificate (PEM) that verifiers can be told to trust. */
  readonly rootFile: string;
  /** The same certificate, PEM. */
  readonly rootPem: string;
  /** Bearer token of the factory. */
  readonly manufacturingToken: string;
  close(): Promise<void>;
}

/** How long a replica may lag behind an event that another one brought about. */
export const RELOAD_MS = 5_000;

const SERVICE = 'intel-pcs';
const INTEL_NAMES = ['api.trustedservices.intel.com', 'certificates.trustedservices.intel.com'];

/** Starts the simulated Intel services; the authority is founded on the first start. */
export async function startIntelPcs(options: IntelPcsOptions): Promise<RunningIntelPcs> {
  const { home, databaseUrl, logger } = options;
  const kek = options.kek ?? (await loadKek({ home }));
  const store = await openServiceStore({
    service: SERVICE,
    home,
    kek,
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

async function serve(options: IntelPcsOptions, store: Store): Promise<RunningIntelPcs> {
  const {
    home,
    host,
    port,
    clock,
    logger,
    random,
    tls,
    dnsNames = [],
    deterministic = false,
  } = options;
  const keys = await foundAuthority({ ...options, signingKeys: store.signingKeys });
  const pcs = await createIntelPcs({ ...store, keys, clock, random, deterministic });
  const { pem: rootPem } = pcs.authority().certificates(clock.now()).root;
  const rootFile = await writeRoot(options.rootFile ?? path.join(home, ROOT_FILE), rootPem);
  const token = options.manufacturingToken ?? (await manufacturingToken(home, random));
  const app = createIntelPcsServer(pcs, {
    ...options,
    metrics: createMetrics(SERVICE),
    manufacturingToken: token,
    ready: () => store.ping(),
  });
  const identity = await tls.certificateFor({
    service: SERVICE,
    dnsNames: [...new Set([...INTEL_NAMES, ...dnsNames])],
  });
  const reloading = setInterval(() => {
    pcs.reload().catch((error: unknown) => logger.warn('the state could not be read', { error }));
  }, RELOAD_MS);
  reloading.unref();
  const listening: Listening = await listen({ app, host, port, tls: identity, logger });
  return {
    url: listening.url,
    rootFile,
    rootPem,
    manufacturingToken: token,
    close: async () => {
      clearInterval(reloading);
      await listening.close();
      await store.close();
    },
  };
}
