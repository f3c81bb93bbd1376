import { BASELINES, type CollateralRules } from '@touchstone/appraisal';
import { createBearerVerifier } from '@touchstone/entra-client';
import { listen } from '@touchstone/http';
import type { HttpClient } from '@touchstone/http-client';
import { createPccsClient } from '@touchstone/pcs-client';
import type { DecisionStore, Logger } from '@touchstone/ports';
import {
  createMetrics,
  isLoopback,
  soleFleet,
  type Fleet,
  type ServiceStart,
} from '@touchstone/runtime';
import {
  DEFAULT_PROVIDERS,
  SERVICE_NAME,
  TEE_REGIONS,
  createAttestationService,
  createCollateralArchive,
  createCollateralKeeper,
  createEarlierEvaluations,
  createKeyAdministration,
  WILDCARD_HOSTS,
  channelOf,
  createAccessControl,
  createProviderDirectory,
  createProviderKeys,
  createProviderRegistry,
  createStoredPolicies,
  createTokenIssuer,
  type ProviderKeys,
  type RoleAssignments,
  type SignerEnclaves,
} from '@touchstone/service-attestation';
import { openServiceStore, type Store } from '@touchstone/store';
import type { LocalCa } from '@touchstone/tls';
import { createQuoteVerifier } from '@touchstone/verification';
import { AUDIENCES, createDoor } from './door';
import { lazyEnclaveHost } from './enclave-host';
import { createOperations } from './operations';
import { pccsCollateral } from './pccs-collateral';
import type { PreviewTokenForm } from './preview-routes';
import { repeat } from './repeat';
import { createAttestationServer } from './server';
import { remoteSigners } from './signer-enclaves';
import { trustAnchors } from './trust-anchors';

/** How often it is looked whether a copy of collateral has grown old. */
const COLLATERAL_LOOK_MS = 60_000;
/** How often providers that are not ready are tried again: the machine for their keys may be there by then. */
const PROVIDER_LOOK_MS = 10_000;

/** Object id of the well-known development client, and what it may do on a machine of its own. */
export const DEVELOPMENT_PRINCIPAL = 'b4a7f2d0-3c77-4c1f-8b2e-6f1f0c8d9e12';
const DEVELOPMENT_ROLES: RoleAssignments = {
  [DEVELOPMENT_PRINCIPAL]: ['Attestation Contributor'],
};

export type BaselineName = keyof typeof BASELINES;

export interface AttestationServiceStart extends ServiceStart {
  readonly tls: LocalCa;
  /** 32 bytes, under which signing keys are encrypted at rest. */
  readonly kek: Uint8Array;
  readonly http: HttpClient;
  /** Base URL of the PCK cache. */
  readonly pckCacheUrl: string;
  /** The token authority, such as `https://localhost:7001`, and the one tenant whose callers are known. */
  readonly identity: { readonly authority: string; readonly tenant: string };
  /** Object ids to roles. Default: the development client, on a loopback address or where it is allowed. */
  readonly roleAssignments?: RoleAssignments;
  readonly allowDevelopmentCredentials?: boolean;
  /** Certificate of a simulator's root, PEM or DER; without it only Intel's root is trusted. */
  readonly simulatedRoot?: Uint8Array;
  /** Further origins under which callers reach the service, such as `https://attestation-service:7010`. */
  readonly publicOrigins?: readonly string[];
  /** Default: `azuredefault`. */
  readonly baseline?: BaselineName;
  /** Minimum evaluation and maximum age of collateral, for all providers; a minimum of `early` has the early channel read. */
  readonly collateralRules?: CollateralRules;
  readonly collateralRefreshMs?: number;
  /** How attest operations of 2018-09-01-preview answer. Default: `json`. */
  readonly previewTokens?: PreviewTokenForm;
  /** Opens the decision records, the making of providers and the rotation of keys over the wire. */
  readonly operatorToken?: string;
  /** gRPC base URL of the machine on which keys of TEE regions are born. Asked for when one is needed: it may start later. */
  readonly enclaveHostUrl?: () => string | undefined;
  readonly protoFolder?: string;
  /** The processes that serve the same port from the same store; this one alone when absent. */
  readonly fleet?: Fleet;
}

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

function createUseCases(options: AttestationServiceStart, store: Store, enclaves: SignerEnclaves) {
  const { clock, logger, random, http, pckCacheUrl, collateralRefreshMs } = options;
  const { collateralRules = {} } = options;
  const { minimumEvaluation } = collateralRules;
  const collateral = createCollateralKeeper({
    source: pccsCollateral(
      createPccsClient({ baseUrl: pckCacheUrl, http }),
      channelOf(minimumEvaluation),
    ),
    archive: createCollateralArchive(store.documents, logger),
    clock,
    logger,
    ...(collateralRefreshMs !== undefined && { refreshMs: collateralRefreshMs }),
    ...(minimumEvaluation !== undefined && { minimumEvaluation }),
  });
  const keys = createProviderKeys({
    store: store.signingKeys,
    documents: store.documents,
    clock,
    random,
    enclaves,
  });
  const earlierEvaluations = createEarlierEvaluations(store.documents, logger);
  const policies = createStoredPolicies();
  const service = createAttestationService({
    verifier: createQuoteVerifier({ anchors: trustAnchors(options.simulatedRoot) }),
    collateral,
    earlierEvaluations,
    policies,
    baseline: BASELINES[options.baseline ?? 'azuredefault'],
    collateralRules,
    keys,
    issueToken: createTokenIssuer(keys, random),
    clock,
  });
  const providers = store.attestationProviders;
  const operations = createOperations({ ...store, policies, service, keys, clock });
  const registry = createProviderRegistry({ store: providers, keys, clock, random, logger });
  const keyAdministration = createKeyAdministration({ keys, providers, logger });
  const flush = async (): Promise<void> => {
    await collateral.flush();
    await earlierEvaluations.flush();
  };
  return { service, collateral, flush, keys, keyAdministration, operations, registry };
}

/** Who may come in, and what those are told who may not. */
function accessOf(options: AttestationServiceStart) {
  const { identity, http, clock, host, roleAssignments } = options;
  const { authority, tenant } = identity;
  const allowed = isLoopback(host) || options.allowDevelopmentCredentials === true;
  const roles = roleAssignments ?? (allowed ? DEVELOPMENT_ROLES : {});
  return {
    door: createDoor(
      createBearerVerifier({ authority, tenant, http, clock }),
      createAccessControl(roles),
    ),
    challenge: { authorization: `${authority}/${tenant}`, resource: AUDIENCES.join(' ') },
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
