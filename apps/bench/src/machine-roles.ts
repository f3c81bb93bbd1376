import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { createEnclaveHostServer, type EnclaveHostHandlers } from '@touchstone/enclave-rpc';
import {
  startEnclaveHost,
  type EnclaveHostStartOptions,
  type RunningEnclaveHost,
} from '@touchstone/server-enclave-host';
import {
  DEVELOPMENT_CLIENT_ID,
  DEVELOPMENT_CLIENT_SECRET,
  DEVELOPMENT_TENANT_ID,
} from '@touchstone/service-identity';
import type { LocalCa } from '@touchstone/tls';
import type { RoleOptions } from './roles';

type Common = Omit<
  EnclaveHostStartOptions,
  'intelPcs' | 'pckCacheUrl' | 'attestationUrls' | 'vaultUrls' | 'identity'
>;

/** An enclave host as its app starts it, with a processor of its own. */
export async function startMachine(
  common: Common,
  { home, urls, machineHome = home }: RoleOptions,
): Promise<RunningEnclaveHost> {
  const { kek: _, ...rest } = common;
  const token = await readFile(path.join(home, 'manufacturing-token'), 'utf8');
  return startEnclaveHost({
    ...rest,
    home: machineHome,
    intelPcs: { url: urls['intel-pcs'] ?? '', manufacturingToken: token.trim() },
    pckCacheUrl: urls['pck-cache'] ?? '',
    attestationUrls: [`${urls['attestation-service'] ?? ''}/sharedeus2`],
    vaultUrls: [urls['key-vault'] ?? ''],
    identity: {
      authority: urls.identity ?? '',
      tenant: DEVELOPMENT_TENANT_ID,
      clientId: DEVELOPMENT_CLIENT_ID,
      secret: DEVELOPMENT_CLIENT_SECRET,
    },
  });
}

/** The enclave host's wire with nothing behind it. */
export async function startGrpcEcho(tls: LocalCa): Promise<{ url: string }> {
  const none = (): never => {
    throw new Error('nothing is behind an echo');
  };
  const handlers: EnclaveHostHandlers = {
    getPlatformInfo: none,
    renewPckCertificate: none,
    loadEnclave: none,
    listEnclaves: none,
    terminateEnclave: none,
    callEnclave: none,
    getReport: none,
    getQuote: none,
    getEvidence: none,
    attest: none,
    runTrainer: none,
    streamLogs: none,
    async *callEnclaveStream(requests) {
      for await (const { payload } of requests) if (payload) yield { payload };
    },
  };
  const server = createEnclaveHostServer(handlers, { statuses: {} });
  const identity = await tls.certificateFor({ service: 'enclave-host' });
  return server.listen({ host: '127.0.0.1', port: 0, tls: identity });
}
