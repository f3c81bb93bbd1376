import { Client, credentials, Metadata } from '@grpc/grpc-js';
import type { CallOptions, ClientOptions, MethodDefinition } from '@grpc/grpc-js';
import { callFeed, callStream } from './client-streams';
import type { StreamCall } from './client-streams';
import { loadContract, MAX_MESSAGE_BYTES } from './definition';
import type {
  FeedMethods,
  FeedName,
  StreamMethods,
  StreamName,
  UnaryMethods,
  UnaryName,
} from './messages';
import { fromServiceError } from './status';

const DEFAULT_DEADLINE_MILLISECONDS = 30_000;
const DEFAULT_STREAM_DEADLINE_MILLISECONDS = 10 * 60_000;

export interface EnclaveHostClientOptions {
  /** `https://host:port`, or `host:port`. Always TLS. */
  readonly url: string;
  /** PEM of the certificate authority that the host's certificate must chain to. */
  readonly ca: string;
  readonly protoFolder?: string;
  readonly deadlineMilliseconds?: number;
  readonly streamDeadlineMilliseconds?: number;
  /** The trace context that calls carry on. */
  readonly traceparent?: () => string | undefined;
}

export interface ClientCallOptions {
  readonly deadlineMilliseconds?: number;
  readonly signal?: AbortSignal;
}

type Call<Name extends UnaryName> = (
  request: UnaryMethods[Name][0],
  options?: ClientCallOptions,
) => Promise<UnaryMethods[Name][1]>;

type Stream<Name extends StreamName> = (
  requests: Iterable<StreamMethods[Name][0]> | AsyncIterable<StreamMethods[Name][0]>,
  options?: ClientCallOptions,
) => AsyncIterable<StreamMethods[Name][1]>;

type Feed<Name extends FeedName> = (
  request: FeedMethods[Name][0],
  options?: ClientCallOptions,
) => AsyncIterable<FeedMethods[Name][1]>;

/** Calls fail with `RpcCallError`. A stream sends its requests as the host takes them, while the answers come back. */
export type EnclaveHostClient = { readonly [Name in UnaryName]: Call<Name> } & {
  readonly [Name in StreamName]: Stream<Name>;
} & { readonly [Name in FeedName]: Feed<Name> } & { close(): void };

const channelOptions: ClientOptions = {
  'grpc.max_receive_message_length': MAX_MESSAGE_BYTES,
  'grpc.max_send_message_length': MAX_MESSAGE_BYTES,
};

export function createEnclaveHostClient(options: EnclaveHostClientOptions): EnclaveHostClient {
  const { methods } = loadContract(options.protoFolder);
  const client = openChannel(options.url, options.ca);
  const unary =
    <Request, Response>(method: MethodDefinition<Request, Response>) =>
    (request: Request, call: ClientCallOptions = {}): Promise<Response> =>
      callUnary(client, method, request, options, call);
  const streaming = <Request, Response>(
    method: MethodDefinition<Request, Response>,
    { deadlineMilliseconds, signal }: ClientCallOptions,
  ): StreamCall<Request, Response> => ({
    client,
    method,
    metadata: metadataOf(options),
    options: deadline(
      deadlineMilliseconds ??
        options.streamDeadlineMilliseconds ??
        DEFAULT_STREAM_DEADLINE_MILLISECONDS,
    ),
    ...(signal && { signal }),
  });
  return {
    getPlatformInfo: unary(methods.getPlatformInfo),
    renewPckCertificate: unary(methods.renewPckCertificate),
    loadEnclave: unary(methods.loadEnclave),
    listEnclaves: unary(methods.listEnclaves),
    terminateEnclave: unary(methods.terminateEnclave),
    callEnclave: unary(methods.callEnclave),
    getReport: unary(methods.getReport),
    getQuote: unary(methods.getQuote),
    getEvidence: unary(methods.getEvidence),
    attest: unary(methods.attest),
    callEnclaveStream: (requests, call = {}) =>
      callStream(streaming(methods.callEnclaveStream, call), requests),
    runTrainer: (requests, call = {}) => callStream(streaming(methods.runTrainer, call), requests),
    streamLogs: (request, call = {}) => callFeed(streaming(methods.streamLogs, call), request),
    close: () => client.close(),
  };
}

export function openChannel(url: string, ca: string): Client {
  const address = url.replace(/^https:\/\//, '').replace(/\/$/, '');
  return new Client(address, credentials.createSsl(Buffer.from(ca)), channelOptions);
}

function callUnary<Request, Response>(
  client: Client,
  method: MethodDefinition<Request, Response>,
  request: Request,
  options: EnclaveHostClientOptions,
  call: ClientCallOptions,
): Promise<Response> {
  const limit =
    call.deadlineMilliseconds ?? options.deadlineMilliseconds ?? DEFAULT_DEADLINE_MILLISECONDS;
  return new Promise((resolve, reject) => {
    const surface = client.makeUnaryRequest<Request, Response>(
      method.path,
      method.requestSerialize,
      method.responseDeserialize,
      request,
      metadataOf(options),
      deadline(limit),
      (error, response) => {
        call.signal?.removeEventListener('abort', cancel);
        if (error !== null) reject(fromServiceError(error));
        else resolve(response as Response);
      },
    );
    const cancel = (): void => surface.cancel();
    call.signal?.addEventListener('abort', cancel, { once: true });
    if (call.signal?.aborted) cancel();
  });
}

const deadline = (milliseconds: number): CallOptions => ({ deadline: Date.now() + milliseconds });

function metadataOf({ traceparent }: EnclaveHostClientOptions): Metadata {
  const metadata = new Metadata();
  const value = traceparent?.();
  if (value !== undefined) metadata.set('traceparent', value);
  return metadata;
}
