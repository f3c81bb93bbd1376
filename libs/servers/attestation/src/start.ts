import { BASELINES } from '@touchstone/appraisal';
import { listen } from '@touchstone/http';
import type { HttpClient } from '@touchstone/http-client';
import { createPccsClient } from '@touchstone/pcs-client';
import type { Clock, Logger, Random } from '@touchstone/ports';
import { createMetrics } from '@touchstone/runtime';
import {
  DEFAULT_PROVIDERS,
  SERVICE_NAME,
  createAttestationService,
  createCollateralArchive,
  createCollateralKeeper,
  createDecisionRecorder,
  createDefaultPolicies,
  createProviderDirectory,
  createProviderKeys,
  createTokenIssuer,
  type ProviderKeys,
} from '@touchstone/service-attestation';
import { openServiceStore, type Store } from '@touchstone/store';
import type { LocalCa } from '@touchstone/tls';
import { createQuoteVerifier } from '@touchstone/verification';
import { pccsCollateral } from './pccs-collateral';
import { repeat } from './repeat';
import { createAttestationServer } from './server';
import { trustAnchors } from './trust-anchors';

/** How often it is looked whether a copy of collateral has grown old. */
const COLLATERAL_LOOK_MS = 60_000;

export type BaselineName = keyof typeof BASELINES;

export interface AttestationServiceStart {
  readonly home: string;
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly random: Random;
  readonly tls: LocalCa;
  /** 32 bytes, under which signing keys are encrypted at rest. */
  readonly kek: Uint8Array;
  readonly http: HttpClient;
  /** Base URL of the PCK cache. */
  readonly pckCacheUrl: string;
  /** Certificate of a simulator's root, PEM or DER; without it only Intel's root is trusted. */
  readonly simulatedRoot?: Uint8Array;
  readonly databaseUrl?: string;
  /** Further origins under which callers reach the service, such as `https://attestation-service:7010`. */
  readonly publicOrigins?: readonly string[];
  /** Default: `azuredefault`. */
  readonly baseline?: BaselineName;
  readonly collateralRefreshMs?: number;
  /** Opens the decision records over the wire. */
  readonly operatorToken?: string;
}

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
  const { clock, logger, random, host, port, operatorToken } = options;
  const recorder = createDecisionRecorder({ store: store.decisions, logger });
  const { service, collateral, keys } = createUseCases(options, store);
  // The port may be known only when the server listens; no request comes before.
  const origins = [...(options.publicOrigins ?? [])];
  const app = createAttestationServer(service, {
    directory: createProviderDirectory({
      providers: DEFAULT_PROVIDERS,
      plainOrigins: () => origins,
    }),
    recorder,
    clock,
    logger,
    metrics: createMetrics(SERVICE_NAME),
    random,
    ready: () => store.ping(),
    ...(operatorToken !== undefined && {
      operator: {
        token: operatorToken,
        decisions: store.decisions,
        actions: { 'collateral/forget': async () => ({ forgotten: await collateral.forget() }) },
      },
    }),
  });
  await collateral.open();
  const tls = await options.tls.certificateFor({
    service: SERVICE_NAME,
    dnsNames: hostsOf(origins),
  });
  const server = await listen({ app, host, port, tls, logger });
  origins.push(`https://localhost:${server.port}`, `https://127.0.0.1:${server.port}`);
  prepareKeys(keys, server.url, logger);
  void collateral.refresh();
  const stopLooking = repeat(() => collateral.refresh(), COLLATERAL_LOOK_MS);
  return {
    url: server.url,
    refreshCollateral: () => collateral.refresh('now'),
    async close() {
      stopLooking();
      await server.close();
      await recorder.flush();
      await collateral.flush();
      await store.close();
    },
  };
}

function createUseCases(options: AttestationServiceStart, store: Store) {
  const { clock, logger, random, http, pckCacheUrl, collateralRefreshMs } = options;
  const collateral = createCollateralKeeper({
    source: pccsCollateral(createPccsClient({ baseUrl: pckCacheUrl, http })),
    archive: createCollateralArchive(store.documents, logger),
    clock,
    logger,
    ...(collateralRefreshMs !== undefined && { refreshMs: collateralRefreshMs }),
  });
  const keys = createProviderKeys({ store: store.signingKeys, clock });
  const service = createAttestationService({
    verifier: createQuoteVerifier({ anchors: trustAnchors(options.simulatedRoot) }),
    collateral,
    policies: createDefaultPolicies(),
    baseline: BASELINES[options.baseline ?? 'azuredefault'],
    keys,
    issueToken: createTokenIssuer(keys, random),
    clock,
  });
  return { service, collateral, keys };
}

/** Names that the certificate carries beside the local ones. */
const hostsOf = (origins: readonly string[]): readonly string[] => [
  ...DEFAULT_PROVIDERS.map(({ host }) => host),
  ...origins.map((origin) => new URL(origin).hostname),
];

/** Keys are made on first use; made now, beside everything else, the first caller need not wait. */
function prepareKeys(keys: ProviderKeys, url: string, logger: Logger): void {
  for (const { region, name } of DEFAULT_PROVIDERS) {
    keys.signer(region, `${url}/${name}`).catch((error: unknown) => {
      logger.warn('a signing key was not prepared', { region, error });
    });
  }
}
