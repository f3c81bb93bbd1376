import { createEnclaveHostServer as createRpcServer } from '@touchstone/enclave-rpc';
import type {
  AroundCall,
  CallContext,
  EnclaveHostHandlers,
  EnclaveHostServer,
} from '@touchstone/enclave-rpc';
import { MAX_ECALL_MILLISECONDS, MAX_RUN_MILLISECONDS } from '@touchstone/service-enclave-host';
import type { EnclaveHost } from '@touchstone/service-enclave-host';
import {
  atMost,
  loadSource,
  MAX_ECALL_NAME_CHARACTERS,
  MAX_NONCE_BYTES,
  runtimeData,
  splitRun,
  toPlatformInfo,
  toRunEvent,
  toSummary,
} from './messages';
import { STATUSES } from './status-table';

export interface EnclaveHostServerOptions {
  readonly protoFolder?: string;
  readonly around?: AroundCall;
  readonly onUnforeseen?: (error: unknown, context: CallContext) => void;
}

/** A call may last a little longer than what it waits for, so that the answer still says what happened. */
const MARGIN_MILLISECONDS = 5_000;

/** The service definition over a host. It does not listen yet. */
export function createEnclaveHostServer(
  host: EnclaveHost,
  options: EnclaveHostServerOptions = {},
): EnclaveHostServer {
  return createRpcServer(handlersOf(host), {
    ...options,
    statuses: STATUSES,
    callLimits: {
      callEnclave: MAX_ECALL_MILLISECONDS + MARGIN_MILLISECONDS,
      getEvidence: MAX_ECALL_MILLISECONDS + MARGIN_MILLISECONDS,
      runTrainer: MAX_RUN_MILLISECONDS + MARGIN_MILLISECONDS,
    },
  });
}

function handlersOf(host: EnclaveHost): EnclaveHostHandlers {
  return {
    getPlatformInfo: async () => toPlatformInfo(await host.platform()),
    renewPckCertificate: async () => toPlatformInfo(await host.renewPckCertificate()),
    loadEnclave: async (request) => toSummary(await host.load(loadSource(request), request.debug)),
    listEnclaves: async () => ({ enclaves: host.list().map(toSummary) }),
    terminateEnclave: async ({ enclaveId }) => ({
      enclave: toSummary(await host.terminate(enclaveId)),
    }),
    callEnclave: async ({ enclaveId, name, payload, deadlineMilliseconds }) => {
      atMost('name', name, MAX_ECALL_NAME_CHARACTERS);
      return { payload: await host.call(enclaveId, name, payload, deadlineMilliseconds) };
    },
    getEvidence: async ({ enclaveId, nonce }) => {
      atMost('nonce', nonce, MAX_NONCE_BYTES);
      return host.evidence(enclaveId, nonce);
    },
    attest: async (request) =>
      host.attest(request.quote, runtimeData(request), request.attestationUrl),
    async *runTrainer(requests, { signal }) {
      const { start, chunks } = await splitRun(requests);
      for await (const event of host.runTrainer(start, chunks, signal)) yield toRunEvent(event);
    },
  };
}
