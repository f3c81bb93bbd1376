import { Server, ServerCredentials } from '@grpc/grpc-js';
import type { UntypedServiceImplementation } from '@grpc/grpc-js';
import { ReflectionService } from '@grpc/reflection';
import { HealthImplementation } from 'grpc-health-check';
import { streamHandler, unaryHandler } from './calls';
import type { AroundCall, CallContext, CallRules } from './calls';
import { loadContract, MAX_MESSAGE_BYTES, SERVICE_NAME } from './definition';
import type { StreamMethods, StreamName, UnaryMethods, UnaryName } from './messages';
import { RpcError } from './rpc-error';
import type { StatusTable } from './status';

/** Calls that one connection may have open at a time. */
export const MAX_CONCURRENT_STREAMS = 100;
const DEFAULT_CALL_LIMIT_MILLISECONDS = 60_000;
/** Named `localhost` in the URL: TLS has no server name that is an address (RFC 6066 section 3). */
const LOOPBACK = new Set(['127.0.0.1', '::1']);
const SHUTDOWN_GRACE_MILLISECONDS = 2_000;

export type EnclaveHostHandlers = {
  readonly [Name in UnaryName]: (
    request: UnaryMethods[Name][0],
    context: CallContext,
  ) => Promise<UnaryMethods[Name][1]>;
} & {
  readonly [Name in StreamName]: (
    requests: AsyncIterable<StreamMethods[Name][0]>,
    context: CallContext,
  ) => AsyncIterable<StreamMethods[Name][1]>;
};

export interface EnclaveHostServerOptions {
  /** Which status each code answers. */
  readonly statuses: StatusTable;
  /** Folder of the proto file, when it is not found upwards of the running code. */
  readonly protoFolder?: string;
  readonly around?: AroundCall;
  /** Milliseconds that a call of each method may take at most. */
  readonly callLimits?: Partial<Record<UnaryName | StreamName, number>>;
  readonly onUnforeseen?: (error: unknown, context: CallContext) => void;
}

export interface ListenOptions {
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** PEM; the certificate may be a chain, leaf first. */
  readonly tls: { readonly key: string; readonly cert: string };
}

export interface EnclaveHostServer {
  /** What the standard health service answers; NOT_SERVING until told otherwise. */
  setServing(serving: boolean): void;
  /** Fails with RPC_LISTEN_FAILED. */
  listen(options: ListenOptions): Promise<{ url: string; port: number }>;
  /** Lets open calls end, for a moment. */
  close(): Promise<void>;
}

/** The service over gRPC, with the standard health service and server reflection beside it. Does not listen yet. */
export function createEnclaveHostServer(
  handlers: EnclaveHostHandlers,
  options: EnclaveHostServerOptions,
): EnclaveHostServer {
  const contract = loadContract(options.protoFolder);
  const rules: CallRules = {
    statuses: options.statuses,
    around: options.around ?? ((_context, run) => run()),
    limitMilliseconds: (method) =>
      options.callLimits?.[method as UnaryName] ?? DEFAULT_CALL_LIMIT_MILLISECONDS,
    onUnforeseen: options.onUnforeseen ?? (() => undefined),
  };
  const server = new Server({
    'grpc.max_receive_message_length': MAX_MESSAGE_BYTES,
    'grpc.max_send_message_length': MAX_MESSAGE_BYTES,
    'grpc.max_concurrent_streams': MAX_CONCURRENT_STREAMS,
  });
  server.addService(
    Object.fromEntries(Object.entries(contract.methods)),
    implementation(handlers, rules),
  );
  const health = new HealthImplementation({ '': 'NOT_SERVING', [SERVICE_NAME]: 'NOT_SERVING' });
  health.addToServer(server);
  new ReflectionService(contract.packages, { services: [SERVICE_NAME] }).addToServer(server);
  const setServing = (serving: boolean): void => {
    for (const name of ['', SERVICE_NAME])
      health.setStatus(name, serving ? 'SERVING' : 'NOT_SERVING');
  };
  return {
    setServing,
    listen: (listenOptions) => listen(server, listenOptions),
    close: () => {
      setServing(false);
      return close(server);
    },
  };
}

function implementation(
  handlers: EnclaveHostHandlers,
  rules: CallRules,
): UntypedServiceImplementation {
  return {
    getPlatformInfo: unaryHandler('getPlatformInfo', handlers.getPlatformInfo, rules),
    renewPckCertificate: unaryHandler('renewPckCertificate', handlers.renewPckCertificate, rules),
    loadEnclave: unaryHandler('loadEnclave', handlers.loadEnclave, rules),
    listEnclaves: unaryHandler('listEnclaves', handlers.listEnclaves, rules),
    terminateEnclave: unaryHandler('terminateEnclave', handlers.terminateEnclave, rules),
    callEnclave: unaryHandler('callEnclave', handlers.callEnclave, rules),
    getEvidence: unaryHandler('getEvidence', handlers.getEvidence, rules),
    attest: unaryHandler('attest', handlers.attest, rules),
    runTrainer: streamHandler('runTrainer', handlers.runTrainer, rules),
  };
}

function listen(
  server: Server,
  { host, port, tls }: ListenOptions,
): Promise<{ url: string; port: number }> {
  const credentials = ServerCredentials.createSsl(null, [
    { private_key: Buffer.from(tls.key), cert_chain: Buffer.from(tls.cert) },
  ]);
  const authority = host.includes(':') ? `[${host}]` : host;
  return new Promise((resolve, reject) => {
    server.bindAsync(`${authority}:${port}`, credentials, (cause, bound) => {
      if (cause) {
        reject(
          new RpcError('RPC_LISTEN_FAILED', `cannot listen on ${authority}:${port}`, { cause }),
        );
      } else {
        resolve({
          url: `https://${LOOPBACK.has(host) ? 'localhost' : authority}:${bound}`,
          port: bound,
        });
      }
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const force = setTimeout(() => server.forceShutdown(), SHUTDOWN_GRACE_MILLISECONDS);
    server.tryShutdown(() => {
      clearTimeout(force);
      resolve();
    });
  });
}
