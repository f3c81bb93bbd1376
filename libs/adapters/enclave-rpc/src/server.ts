import { Server } from '@grpc/grpc-js';
import type { UntypedServiceImplementation } from '@grpc/grpc-js';
import { ReflectionService } from '@grpc/reflection';
import { HealthImplementation } from 'grpc-health-check';
import { feedHandler, streamHandler, unaryHandler } from './calls';
import type { AroundCall, CallContext, CallRules } from './calls';
import {
  FEED_NAMES,
  loadContract,
  MAX_MESSAGE_BYTES,
  SERVICE_NAME,
  STREAM_NAMES,
  UNARY_NAMES,
} from './definition';
import type {
  FeedMethods,
  FeedName,
  StreamMethods,
  StreamName,
  UnaryMethods,
  UnaryName,
} from './messages';
import { close, listen, listenForBoth } from './listening';
import type { ListenOptions } from './listening';
import { addSecretSharing } from './secret-sharing/handlers';
import type { SecretSharingService } from './secret-sharing/handlers';
import type { StatusTable } from './status';

/** Calls that one connection may have open at a time. */
export const MAX_CONCURRENT_STREAMS = 100;
const DEFAULT_CALL_LIMIT_MILLISECONDS = 60_000;

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
} & {
  readonly [Name in FeedName]: (
    request: FeedMethods[Name][0],
    context: CallContext,
  ) => AsyncIterable<FeedMethods[Name][1]>;
};

export interface EnclaveHostServerOptions {
  /** Which status each code answers. */
  readonly statuses: StatusTable;
  /** Folder of the proto file, when it is not found upwards of the running code. */
  readonly protoFolder?: string;
  readonly around?: AroundCall;
  /** Milliseconds that a call of each method may take at most. */
  readonly callLimits?: Partial<Record<UnaryName | StreamName | FeedName, number>>;
  readonly onUnforeseen?: (error: unknown, context: CallContext) => void;
  /** The guide's own service beside it. */
  readonly secretSharing?: SecretSharingService;
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
  const server = new Server(limits);
  server.addService(
    Object.fromEntries(Object.entries(contract.methods)),
    implementation(handlers, rules),
  );
  const { secretSharing } = options;
  if (secretSharing) addSecretSharing(server, secretSharing, rules);
  const health = new HealthImplementation({ '': 'NOT_SERVING', [SERVICE_NAME]: 'NOT_SERVING' });
  health.addToServer(server);
  new ReflectionService(contract.packages, { services: [SERVICE_NAME] }).addToServer(server);
  const setServing = (serving: boolean): void => {
    for (const name of ['', SERVICE_NAME])
      health.setStatus(name, serving ? 'SERVING' : 'NOT_SERVING');
  };
  let plain: { close(): Promise<void> } | undefined;
  return {
    setServing,
    listen: async (listenOptions) => {
      if (!listenOptions.plaintextSecretSharing || !secretSharing) {
        return listen(server, listenOptions);
      }
      const door = await listenForBoth(server, plainServer(secretSharing, rules), listenOptions);
      plain = door;
      return door;
    },
    close: async () => {
      setServing(false);
      await plain?.close();
      await close(server);
    },
  };
}

const limits = {
  'grpc.max_receive_message_length': MAX_MESSAGE_BYTES,
  'grpc.max_send_message_length': MAX_MESSAGE_BYTES,
  'grpc.max_concurrent_streams': MAX_CONCURRENT_STREAMS,
};

/** For whoever comes without TLS: the guide's service alone. */
function plainServer(secretSharing: SecretSharingService, rules: CallRules): Server {
  const server = new Server(limits);
  addSecretSharing(server, secretSharing, rules);
  return server;
}

function implementation(
  handlers: EnclaveHostHandlers,
  rules: CallRules,
): UntypedServiceImplementation {
  return Object.fromEntries([
    ...UNARY_NAMES.map((name) => [name, unaryHandler(name, handlers[name] as UnaryHandler, rules)]),
    ...STREAM_NAMES.map((name) => [
      name,
      streamHandler(name, handlers[name] as StreamHandler, rules),
    ]),
    ...FEED_NAMES.map((name) => [name, feedHandler(name, handlers[name] as FeedHandler, rules)]),
  ]) as UntypedServiceImplementation;
}

// By name, a method's types are those of `EnclaveHostHandlers`; over all names they are these.
type UnaryHandler = Parameters<typeof unaryHandler<unknown, unknown>>[1];
type StreamHandler = Parameters<typeof streamHandler<unknown, unknown>>[1];
type FeedHandler = Parameters<typeof feedHandler<unknown, unknown>>[1];
