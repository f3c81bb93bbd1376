import { createEnclaveHostServer as createRpcServer } from '@touchstone/enclave-rpc';
import type {
  AroundCall,
  CallContext,
  EnclaveHostHandlers,
  EnclaveHostServer,
  SecretSharingService,
} from '@touchstone/enclave-rpc';
import { MAX_ECALL_MILLISECONDS, MAX_RUN_MILLISECONDS } from '@touchstone/service-enclave-host';
import type { EnclaveHost } from '@touchstone/service-enclave-host';
import {
  evidenceOrder,
  exactly,
  loadOptions,
  REPORT_BYTES,
  splitCalls,
  TARGET_INFO_BYTES,
  toLogEntry,
} from './machine-messages';
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
  readonly secretSharing?: SecretSharingService;
}

/** A call may last a little longer than what it waits for, so that the answer still says what happened. */
const MARGIN_MILLISECONDS = 5_000;
/** A stream may last longer than any ECALL in it. */
const MAX_STREAM_MILLISECONDS = 60 * 60_000;

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
      callEnclaveStream: MAX_STREAM_MILLISECONDS,
      streamLogs: MAX_STREAM_MILLISECONDS,
      getReport: MAX_ECALL_MILLISECONDS + MARGIN_MILLISECONDS,
      getEvidence: MAX_ECALL_MILLISECONDS + MARGIN_MILLISECONDS,
      runTrainer: MAX_RUN_MILLISECONDS + MARGIN_MILLISECONDS,
    },
  });
}

function handlersOf(host: EnclaveHost): EnclaveHostHandlers {
  return {
    getPlatformInfo: async () => toPlatformInfo(await host.platform()),
    renewPckCertificate: async () => toPlatformInfo(await host.renewPckCertificate()),
    loadEnclave: async (request) =>
      toSummary(await host.load(loadSource(request), loadOptions(request))),
    listEnclaves: async () => ({ enclaves: host.list().map(toSummary) }),
    terminateEnclave: async ({ enclaveId }) => ({
      enclave: toSummary(await host.terminate(enclaveId)),
    }),
    callEnclave: async ({ enclaveId, name, payload, deadlineMilliseconds }) => {
      atMost('name', name, MAX_ECALL_NAME_CHARACTERS);
      return { payload: await host.call(enclaveId, name, payload, deadlineMilliseconds) };
    },
    async *callEnclaveStream(requests, { signal }) {
      const { start, payloads } = await splitCalls(requests);
      const { enclaveId, name, deadlineMilliseconds } = start;
      atMost('name', name, MAX_ECALL_NAME_CHARACTERS);
      const answers = host.callEach(enclaveId, name, payloads, deadlineMilliseconds, signal);
      for await (const payload of answers) yield { payload };
    },
    async *streamLogs({ enclaveId, onlyNew }, { signal }) {
      for await (const entry of host.logs(enclaveId, onlyNew, signal)) yield toLogEntry(entry);
    },
    getReport: async ({ enclaveId, targetInfo, nonce }) => {
      if (targetInfo.length > 0) exactly('target_info', targetInfo, TARGET_INFO_BYTES);
      atMost('nonce', nonce, MAX_NONCE_BYTES);
      return { report: await host.report(enclaveId, targetInfo, nonce) };
    },
    getQuote: async (request) => {
      exactly('report', request.report, REPORT_BYTES);
      return { quote: await host.quote(request.report, evidenceOrder(request)) };
    },
    getEvidence: async (request) => {
      atMost('nonce', request.nonce, MAX_NONCE_BYTES);
      return host.evidence(request.enclaveId, request.nonce, evidenceOrder(request));
    },
    attest: async (request) =>
      host.attest(request.quote, runtimeData(request), request.attestationUrl),
    async *runTrainer(requests, { signal }) {
      const { start, chunks } = await splitRun(requests);
      for await (const event of host.runTrainer(start, chunks, signal)) yield toRunEvent(event);
    },
  };
}
