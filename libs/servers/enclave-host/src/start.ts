import { createMachine } from '@touchstone/enclave';
import type { Machine } from '@touchstone/enclave';
import { startEnclaveWorker } from '@touchstone/enclave-worker';
import { createEntraClient } from '@touchstone/entra-client';
import type { HttpClient } from '@touchstone/http-client';
import { createPccsClient } from '@touchstone/pcs-client';
import type { Random } from '@touchstone/ports';
import { createMetrics, type ServiceStart } from '@touchstone/runtime';
import {
  createEnclaveHost,
  createPckCertificates,
  createSecretSharing,
  openProcessor,
  signImages,
} from '@touchstone/service-enclave-host';
import type {
  CollateralSource,
  EnclaveHost,
  EnclaveStarter,
  OwnedProcessor,
  PckCertificates,
  SignedImage,
} from '@touchstone/service-enclave-host';
import { openServiceStore } from '@touchstone/store';
import type { Store } from '@touchstone/store';
import { loadKek } from '@touchstone/tls';
import type { LocalCa } from '@touchstone/tls';
import { createAttester } from './attester';
import { openAuthorKey } from './author-key';
import { callLog } from './call-log';
import { readImages } from './image-folder';
import { createKeyReleaser } from './key-releaser';
import { createManufacturer, type ProcessorTcb } from './manufacturer';
import { startOperatorPort } from './operator-port';
import { secretSharingHandlers } from './secret-sharing';
import type { SecretSharingSettings } from './secret-sharing-settings';
import { createEnclaveHostServer } from './server';
import { createStorage } from './storage';

export interface EnclaveHostStartOptions extends ServiceStart {
  /** gRPC over TLS; 0 takes a free port. */
  readonly port: number;
  /** HTTPS for `/healthz`, `/readyz` and `/metrics`; 0 takes a free port, and without it there is none. */
  readonly operatorPort?: number;
  readonly tls: LocalCa;
  readonly http: HttpClient;
  /** Read from the state folder when absent. */
  readonly kek?: Uint8Array;
  /** Host names that the certificate carries beside `localhost` and `enclave-host`. */
  readonly dnsNames?: readonly string[];
  /** Model of the processor to be made on first start. */
  readonly model?: string;
  /** The TCB that it is made with. */
  readonly tcb?: ProcessorTcb;
  /** The guide's service; without it there is none. */
  readonly secretSharing?: SecretSharingSettings;
  readonly intelPcs: {
    readonly url: string;
    /** Bearer token of the factory; read from the state folder when absent. */
    readonly manufacturingToken?: string;
  };
  readonly pckCacheUrl: string;
  /** Attestation providers that this host may ask; the first is the default. */
  readonly attestationUrls: readonly string[];
  /** Vaults that this host may ask for keys. */
  readonly vaultUrls: readonly string[];
  /** Storage accounts that this host may fetch blobs from; none unless given. */
  readonly storageUrls?: readonly string[];
  /** The host's own identity before the vaults. */
  readonly identity: {
    /** Such as `https://localhost:7001`. */
    readonly authority: string;
    readonly tenant: string;
    readonly clientId: string;
    readonly secret: string;
  };
  /** Folder of built enclaves that can be loaded by name; without it there are none. */
  readonly enclavesFolder?: string;
  readonly protoFolder?: string;
  /** Draw the enclave author's RSA key from `random` too. */
  readonly deterministic?: boolean;
}

export interface RunningEnclaveHost {
  /** `https://host:port` of the gRPC service. */
  readonly url: string;
  /** Of `/healthz`, `/readyz` and `/metrics`. */
  readonly operatorUrl?: string;
  close(): Promise<void>;
}

export const DEFAULT_MODEL = 'simulated-e3';
const SERVICE = 'enclave-host';

/** Starts the machine: its processor, made on first start, then QE and PCE, then the gRPC service. */
export async function startEnclaveHost(
  options: EnclaveHostStartOptions,
): Promise<RunningEnclaveHost> {
  const { home, databaseUrl, logger } = options;
  const kek = options.kek ?? (await loadKek({ home }));
  const store = await openServiceStore({
    service: SERVICE,
    home,
    kek,
    logger,
    ...(databaseUrl !== undefined && { databaseUrl }),
  });
  try {
    return await serve(options, store);
  } catch (error) {
    await store.close();
    throw error;
  }
}

async function serve(options: EnclaveHostStartOptions, store: Store): Promise<RunningEnclaveHost> {
  const { http, clock, random, logger, model = DEFAULT_MODEL } = options;
  const { url, manufacturingToken: token } = options.intelPcs;
  const manufacturer = createManufacturer({
    url,
    home: options.home,
    http,
    ...(token !== undefined && { token }),
    ...(options.tcb !== undefined && { tcb: options.tcb }),
  });
  const processor = await openProcessor({
    keys: store.signingKeys,
    manufacturer,
    model,
    clock,
    random,
  });
  const machine = powerUp(processor, random);
  const pccs = createPccsClient({ baseUrl: options.pckCacheUrl, http });
  const pck = createPckCertificates({
    request: () => machine.quoting.pckRequest(),
    source: pccs,
    documents: store.documents,
    clock,
    logger,
  });
  const host = hostOn({ machine, pck, collateral: pccs, model: processor.model }, options);
  const metrics = createMetrics(SERVICE);
  const ready = async (): Promise<void> => {
    await store.ping();
    await pck.current();
  };
  const server = createEnclaveHostServer(host, {
    ...(options.protoFolder !== undefined && { protoFolder: options.protoFolder }),
    around: callLog({ logger, metrics, random }),
    ...sharingOn(host, options),
    onUnforeseen: (error, { method }) => logger.error('call failed', { method, error }),
  });
  const { dnsNames = [] } = options;
  const identity = await options.tls.certificateFor({ service: SERVICE, dnsNames });
  const listening = await server.listen({
    host: options.host,
    port: options.port,
    tls: identity,
    plaintextSecretSharing: options.secretSharing?.plaintext === true,
  });
  server.setServing(true);
  const operator = await startOperatorPort({
    ...options,
    service: SERVICE,
    identity,
    metrics,
    ready,
  }).catch(async (error: unknown) => {
    await server.close();
    throw error;
  });
  // The first quote shall not wait for the certificate; when it cannot be had now, the first quote asks again.
  pck
    .current()
    .catch((error: unknown) => logger.warn('the platform has no PCK certificate yet', { error }));
  return {
    url: listening.url,
    ...(operator !== undefined && { operatorUrl: operator.url }),
    close: async () => {
      await operator?.close();
      await server.close();
      await host.close();
      await store.close();
    },
  };
}

/** The guide's service on a host, when it is asked for. */
function sharingOn(host: EnclaveHost, options: EnclaveHostStartOptions) {
  const { secretSharing, logger, protoFolder } = options;
  if (secretSharing === undefined) return {};
  const { variant, configuration } = secretSharing;
  const sharing = createSecretSharing({ host, logger, ...(configuration && { configuration }) });
  const handlers = secretSharingHandlers(variant, sharing);
  const service = { variant, handlers, ...(protoFolder !== undefined && { protoFolder }) };
  return { secretSharing: service };
}

interface Hardware {
  readonly machine: Machine<EnclaveStarter>;
  readonly pck: PckCertificates;
  readonly collateral: CollateralSource;
  readonly model: string;
}

function hostOn(hardware: Hardware, options: EnclaveHostStartOptions): EnclaveHost {
  const { http, clock, random, logger, attestationUrls, vaultUrls, storageUrls = [] } = options;
  return createEnclaveHost({
    ...hardware,
    images: once(() => imagesOf(options)),
    endpoints: { attestation: attestationUrls, vaults: vaultUrls, storage: storageUrls },
    attester: createAttester(http),
    storage: createStorage(options.tls.pem),
    releaser: createKeyReleaser(http, createEntraClient({ ...options.identity, http, clock })),
    clock,
    random,
    logger,
  });
}

/** Signed when somebody first asks: an author's key takes a while to make. */
async function imagesOf(
  options: EnclaveHostStartOptions,
): Promise<ReadonlyMap<string, SignedImage>> {
  const { enclavesFolder, clock } = options;
  const sources = enclavesFolder === undefined ? [] : await readImages(enclavesFolder);
  if (sources.length === 0) return new Map();
  return signImages(sources, await openAuthorKey(options), clock.now());
}

/** Application code runs in a worker; its instructions go there and nowhere else. */
function powerUp(processor: OwnedProcessor, random: Random): Machine<EnclaveStarter> {
  const { rootProvisioningKey, rootSealKey, cpuSvn, ownerEpoch, vendorMrSigner, architectural } =
    processor;
  return createMachine<EnclaveStarter>({
    rootProvisioningKey,
    rootSealKey,
    cpuSvn,
    ownerEpoch,
    random,
    vendorMrSigner,
    architectural,
    startApplication:
      ({ code, instructions }) =>
      (limits) =>
        startEnclaveWorker({ ...limits, code, instructions }),
  });
}

/** The value, made when it is first asked for; asked for again after a failure. */
function once<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | undefined;
  return () => {
    made ??= make().catch((error: unknown) => {
      made = undefined;
      throw error;
    });
    return made;
  };
}
