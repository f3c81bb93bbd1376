import { listen } from '@touchstone/http';
import type { DecisionStore, Logger } from '@touchstone/ports';
import { createMetrics, soleFleet } from '@touchstone/runtime';
import {
  DEFAULT_PROVIDERS,
  SERVICE_NAME,
  TEE_REGIONS,
  WILDCARD_HOSTS,
  createProviderDirectory,
  type ProviderKeys,
} from '@touchstone/service-attestation';
import { openServiceStore, type Store } from '@touchstone/store';
import { accessOf } from './callers';
import { lazyEnclaveHost } from './enclave-host';
import { repeat } from './repeat';
import { createAttestationServer } from './server';
import { remoteSigners } from './signer-enclaves';
import type { AttestationServiceStart } from './start-options';
import { createUseCases } from './use-cases';

/** How often it is looked whether a copy of collateral has grown old. */
const COLLATERAL_LOOK_MS = 60_000;
/** How often providers that are not ready are tried again: the machine for their keys may be there by then. */
const PROVIDER_LOOK_MS = 10_000;

/** What the processes of a fleet ask of each other. */
const Topic = { flushDecisions: 'decisions/flush', forgetCollateral: 'collateral/forget' } as const;

export interface RunningAttestationService {
  /** A provider is under its name there: `<url>/sharedeus2`. */
  readonly url: string;
  /** Looks for newer collateral now. */
  refreshCollateral(): Promise<void>;
  close(): Promise<void>;
}

/** Joins store, cache, service and server, and listens. */
export async function startAttestationService(
  options: AttestationServiceStart,
): Promise<RunningAttestationService> {
  const store = await openServiceStore({ ...options, service: SERVICE_NAME });
  try {
    return await serve(options, store);
  } catch (error) {
    await store.close();
    throw error;
  }
}

async function serve(
  options: AttestationServiceStart,
  store: Store,
): Promise<RunningAttestationService> {
  const { clock, logger, random, host, port, operatorToken, fleet = soleFleet() } = options;
  const machine = lazyEnclaveHost({
    url: options.enclaveHostUrl ?? (() => undefined),
    ca: options.tls.pem,
    ...(options.protoFolder !== undefined && { protoFolder: options.protoFolder }),
  });
  const enclaves = remoteSigners(machine.host, logger);
  const { service, collateral, flush, keys, keyAdministration, operations, registry } =
    createUseCases(options, store, enclaves);
  // The port may be known only when the server listens; no request comes before.
  const origins = [...(options.publicOrigins ?? [])];
  let url = '';
  const app = createAttestationServer(service, {
    directory: createProviderDirectory({
      providers: DEFAULT_PROVIDERS,
      find: (name) => store.attestationProviders.find(name),
      plainOrigins: () => origins,
    }),
    ...operations,
    previewTokens: options.previewTokens ?? 'json',
    ...accessOf(options),
    ...(operatorToken !== undefined && {
      admin: { registry, keys: keyAdministration, token: operatorToken, origin: () => url },
    }),
    decisions: store.decisions,
    clock,
    logger,
    metrics: createMetrics(SERVICE_NAME, fleet),
    random,
    ready: async () => {
      await fleet.ready();
      await store.ping();
    },
    ...(operatorToken !== undefined && {
      operator: {
        token: operatorToken,
        decisions: writtenFirst(store.decisions, () => fleet.ask(Topic.flushDecisions)),
        actions: {
          'collateral/forget': async () => {
            const counts = await fleet.ask(Topic.forgetCollateral);
            return { forgotten: Math.max(...counts.map(Number)) };
          },
        },
      },
    }),
  });
  fleet.handle(Topic.flushDecisions, () => store.decisions.flush());
  fleet.handle(Topic.forgetCollateral, () => collateral.forget());
  await collateral.open();
  const tls = await options.tls.certificateFor({
    service: SERVICE_NAME,
    dnsNames: hostsOf(origins),
  });
  const server = await listen({ app, host, port, tls, logger });
  url = server.url;
  origins.push(`https://localhost:${server.port}`, `https://127.0.0.1:${server.port}`);
  prepareKeys(keys, server.url, logger);
  await registry.resume();
  void collateral.refresh();
  const stopLooking = repeat(() => collateral.refresh(), COLLATERAL_LOOK_MS);
  const stopResuming = repeat(
    () =>
      registry
        .resume()
        .catch((error: unknown) => logger.warn('providers were not looked at', { error })),
    PROVIDER_LOOK_MS,
  );
  return {
    url: server.url,
    refreshCollateral: () => collateral.refresh('now'),
    async close() {
      stopLooking();
      stopResuming();
      await server.close();
      await registry.settled();
      machine.close();
      await flush();
      await store.close();
    },
  };
}

/** Whoever has an answer finds its record, whichever process gave it. */
function writtenFirst(
  { find, recent }: Pick<DecisionStore, 'find' | 'recent'>,
  flush: () => Promise<unknown>,
): Pick<DecisionStore, 'find' | 'recent'> {
  return {
    find: (requestId) => flush().then(() => find(requestId)),
    recent: (limit) => flush().then(() => recent(limit)),
  };
}

/** Names that the certificate carries beside the local ones. */
const hostsOf = (origins: readonly string[]): readonly string[] => [
  ...DEFAULT_PROVIDERS.map(({ host }) => host),
  ...WILDCARD_HOSTS,
  ...origins.map((origin) => new URL(origin).hostname),
];

/**
 * Keys are made on first use; made now, beside everything else, the first caller need not wait. Those that live in enclaves
 * are not: their machine may start after us.
 */
function prepareKeys(keys: ProviderKeys, url: string, logger: Logger): void {
  for (const { region, name } of DEFAULT_PROVIDERS.filter(
    ({ region }) => !TEE_REGIONS.has(region),
  )) {
    keys
      .withSigner(region, `${url}/${name}`, () => undefined)
      .catch((error: unknown) => {
        logger.warn('a signing key was not prepared', { region, error });
      });
  }
}
