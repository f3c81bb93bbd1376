import { createHttpClient } from '@touchstone/http-client';
import { createLogger, systemClock, systemRandom } from '@touchstone/runtime';
import { startAttestationService } from '@touchstone/server-attestation';
import { startIdentity } from '@touchstone/server-identity';
import { startIntelPcs } from '@touchstone/server-intel-pcs';
import { startKeyVault } from '@touchstone/server-key-vault';
import { startPckCache } from '@touchstone/server-pck-cache';
import { DEVELOPMENT_TENANT_ID } from '@touchstone/service-identity';
import { loadKek, openLocalCa } from '@touchstone/tls';
import { startGrpcEcho, startMachine } from './machine-roles';

/** What a process of the benchmark is for. */
export type Role =
  | 'intel-pcs'
  | 'identity'
  | 'pck-cache'
  | 'attestation-service'
  | 'key-vault'
  | 'enclave-host'
  /** gRPC over TLS alone, which sends back what it gets. */
  | 'grpc-echo';

export interface RoleOptions {
  /** State folder that all share. */
  readonly home: string;
  /** URLs of those that run already. */
  readonly urls: Readonly<Partial<Record<Role, string>>>;
  /** PEM. */
  readonly simulatedRoot?: string;
  /** State folder of an enclave host, and so its processor; the common one unless given. */
  readonly machineHome?: string;
}

export interface RunningRole {
  readonly url: string;
  readonly rootPem?: string;
}

/** Opens the making of providers. */
export const OPERATOR_TOKEN = 'bench';

const INTEL_ORIGINS = [
  'https://api.trustedservices.intel.com',
  'https://certificates.trustedservices.intel.com',
];

/** Starts one service as its own app would: on its own port, logging a line for each request. */
export async function startRole(role: Role, options: RoleOptions): Promise<RunningRole> {
  const { home, urls, simulatedRoot } = options;
  const url = (of: Role): string => urls[of] ?? '';
  const tls = await openLocalCa(home);
  const originMap = Object.fromEntries(
    INTEL_ORIGINS.map((origin) => [origin, url('intel-pcs')] as const),
  );
  const common = {
    home,
    host: '127.0.0.1',
    port: 0,
    clock: systemClock(),
    logger: createLogger({ service: role, level: 'info' }),
    random: systemRandom,
    tls,
    kek: await loadKek({ home, env: process.env }),
    http: createHttpClient({ ca: tls.pem, ...(urls['intel-pcs'] !== undefined && { originMap }) }),
  };
  const identity = { authority: url('identity'), tenant: DEVELOPMENT_TENANT_ID };
  switch (role) {
    case 'intel-pcs':
      return startIntelPcs(common);
    case 'identity':
      return startIdentity(common);
    case 'pck-cache':
      return startPckCache(common);
    case 'attestation-service':
      return startAttestationService({
        ...common,
        pckCacheUrl: url('pck-cache'),
        identity,
        operatorToken: OPERATOR_TOKEN,
        ...(simulatedRoot !== undefined && { simulatedRoot: Buffer.from(simulatedRoot) }),
      });
    case 'key-vault':
      return startKeyVault({
        ...common,
        identity,
      });
    case 'enclave-host':
      return startMachine(common, options);
    case 'grpc-echo':
      return startGrpcEcho(tls);
  }
}
