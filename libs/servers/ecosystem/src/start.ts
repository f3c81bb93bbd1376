import { createHash } from 'node:crypto';
import { createHttpClient } from '@touchstone/http-client';
import type { Clock, Logger, Random } from '@touchstone/ports';
import { createLogger, seededRandom, systemRandom, type LogLevel } from '@touchstone/runtime';
import { startAttestationService } from '@touchstone/server-attestation';
import { startEnclaveHost, type SecretSharingSettings } from '@touchstone/server-enclave-host';
import { startIdentity } from '@touchstone/server-identity';
import { startIntelPcs } from '@touchstone/server-intel-pcs';
import { startKeyVault } from '@touchstone/server-key-vault';
import { startPckCache } from '@touchstone/server-pck-cache';
import { DEFAULT_PROVIDERS } from '@touchstone/service-attestation';
import {
  DEVELOPMENT_CLIENT_ID,
  DEVELOPMENT_CLIENT_SECRET,
  DEVELOPMENT_TENANT_ID,
} from '@touchstone/service-identity';
import { loadKek, openLocalCa } from '@touchstone/tls';
import { toHex } from '@touchstone/bytes';
import { removeEndpoints, writeEndpoints, type Endpoints } from './endpoints';
import { portOf, type EcosystemService, type PortChoice } from './ports';
import { Running } from './running';

export interface EcosystemOptions {
  /** State folder, absolute. */
  readonly home: string;
  readonly host: string;
  readonly ports: PortChoice;
  readonly clock: Clock;
  readonly logLevel: LogLevel;
  /** Hex. The simulated machine and its maker are drawn from it, so that a run can be made again byte by byte. */
  readonly seed?: string;
  readonly databaseUrl?: string;
  /** Folder of built enclaves that the host can load by name. */
  readonly enclavesFolder?: string;
  readonly protoFolder?: string;
  /** The guide's service on the enclave host. */
  readonly secretSharing?: SecretSharingSettings;
}

export interface RunningEcosystem {
  readonly url: string;
  readonly endpoints: Endpoints;
  close(): Promise<void>;
}

const INTEL_ORIGINS = [
  'https://api.trustedservices.intel.com',
  'https://certificates.trustedservices.intel.com',
];
const OPERATOR_TOKEN_BYTES = 24;

/**
 * Starts every service in this process, each behind its own HTTPS or gRPC port: they know each other by URL only, as they do
 * when each runs alone. Writes `endpoints.json` last. A start that fails closes what was started before it.
 */
export async function startEcosystem(options: EcosystemOptions): Promise<RunningEcosystem> {
  await removeEndpoints(options.home);
  const running = new Running();
  try {
    const endpoints = await startServices(options, running);
    await writeEndpoints(options.home, endpoints);
    return {
      url: endpoints.services['attestation-service'] ?? '',
      endpoints,
      close: async () => {
        await removeEndpoints(options.home);
        await running.close();
      },
    };
  } catch (error) {
    await running.close();
    throw error;
  }
}

async function startServices(options: EcosystemOptions, running: Running): Promise<Endpoints> {
  const { home, clock, ports, host, seed, databaseUrl } = options;
  const [tls, kek] = await Promise.all([openLocalCa(home), loadKek({ home, env: process.env })]);
  const http = createHttpClient({ ca: tls.pem });
  await running.add(http);
  const operatorToken = toHex(systemRandom.bytes(OPERATOR_TOKEN_BYTES));

  /** What every service is given. */
  const common = (service: EcosystemService) => ({
    home,
    host,
    port: portOf(service, ports),
    clock,
    logger: loggerOf(service, options),
    random: systemRandom as Random,
    tls,
    kek,
    http,
    ...(databaseUrl !== undefined && { databaseUrl }),
  });
  /** For the simulated hardware and its maker, a seed may stand in for chance. */
  const simulator = (service: EcosystemService) => ({
    ...common(service),
    ...(seed !== undefined && { random: seededRandom(seed, service), deterministic: true }),
  });

  const [identity, intelPcs] = await Promise.all([
    running.add(startIdentity(common('identity'))),
    running.add(startIntelPcs(simulator('intel-pcs'))),
  ]);
  // The cache asks for Intel's own names, and is led to the simulated services.
  const originMap = Object.fromEntries(INTEL_ORIGINS.map((origin) => [origin, intelPcs.url]));
  const upstream = await running.add(createHttpClient({ ca: tls.pem, originMap }));
  const pckCache = await running.add(
    startPckCache({
      ...common('pck-cache'),
      http: upstream,
      adminTokenHash: createHash('sha512').update(operatorToken).digest('hex'),
    }),
  );
  const tenant = DEVELOPMENT_TENANT_ID;
  const client = { id: DEVELOPMENT_CLIENT_ID, secret: DEVELOPMENT_CLIENT_SECRET };
  // The machine that signs for TEE regions needs the address of the service, and so starts after it.
  const machine: { url?: string } = {};
  const attestation = await running.add(
    startAttestationService({
      ...common('attestation-service'),
      pckCacheUrl: pckCache.url,
      identity: { authority: identity.url, tenant },
      simulatedRoot: Buffer.from(intelPcs.rootPem),
      operatorToken,
      enclaveHostUrl: () => machine.url,
      ...(options.protoFolder !== undefined && { protoFolder: options.protoFolder }),
    }),
  );
  // A release policy may name a provider by the host name that it has in Azure, which outlives any port of ours.
  const authorities = await running.add(
    createHttpClient({
      ca: tls.pem,
      originMap: Object.fromEntries(
        DEFAULT_PROVIDERS.map((provider) => [`https://${provider.host}`, attestation.url]),
      ),
    }),
  );
  const keyVault = await running.add(
    startKeyVault({
      ...common('key-vault'),
      http: authorities,
      identity: { authority: identity.url, tenant },
      operatorToken,
    }),
  );
  const enclaveHost = await running.add(
    startEnclaveHost({
      ...simulator('enclave-host'),
      intelPcs: { url: intelPcs.url, manufacturingToken: intelPcs.manufacturingToken },
      pckCacheUrl: pckCache.url,
      attestationUrls: DEFAULT_PROVIDERS.map(({ name }) => `${attestation.url}/${name}`),
      vaultUrls: [keyVault.url],
      identity: { authority: identity.url, tenant, clientId: client.id, secret: client.secret },
      ...(options.enclavesFolder !== undefined && { enclavesFolder: options.enclavesFolder }),
      ...(options.protoFolder !== undefined && { protoFolder: options.protoFolder }),
      ...(options.secretSharing !== undefined && { secretSharing: options.secretSharing }),
    }),
  );
  machine.url = enclaveHost.url;
  return {
    ca: tls.file,
    services: {
      'attestation-service': attestation.url,
      'key-vault': keyVault.url,
      'intel-pcs': intelPcs.url,
      'pck-cache': pckCache.url,
      'enclave-host': enclaveHost.url,
      identity: identity.url,
    },
    tenant,
    client,
    operatorToken,
    simulatedRoot: intelPcs.rootFile,
  };
}

const loggerOf = (service: string, { logLevel }: EcosystemOptions): Logger =>
  createLogger({ service, level: logLevel });
