import { Client, credentials, Metadata } from '@grpc/grpc-js';
import type {
  CallOptions,
  ClientDuplexStream,
  ClientOptions,
  MethodDefinition,
  ServiceError,
} from '@grpc/grpc-js';
import { once } from 'node:events';
import { loadContract, MAX_MESSAGE_BYTES } from './definition';
import type { RunTrainerEvent, RunTrainerRequest, UnaryMethods, UnaryName } from './messages';
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

/** Calls fail with `RpcCallError`. */
export type EnclaveHostClient = { readonly [Name in UnaryName]: Call<Name> } & {
  /** Sends the requests as the host takes them, while the events come back. */
  runTrainer(
    requests: Iterable<RunTrainerRequest> | AsyncIterable<RunTrainerRequest>,
    options?: ClientCallOptions,
  ): AsyncIterable<RunTrainerEvent>;
  close(): void;
};

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
  return {
    getPlatformInfo: unary(methods.getPlatformInfo),
    renewPckCertificate: unary(methods.renewPckCertificate),
    loadEnclave: unary(methods.loadEnclave),
    listEnclaves: unary(methods.listEnclaves),
    terminateEnclave: unary(methods.terminateEnclave),
    callEnclave: unary(methods.callEnclave),
    getEvidence: unary(methods.getEvidence),
    attest: unary(methods.attest),
    runTrainer: (requests, call = {}) =>
      runTrainer(client, methods.runTrainer, requests, options, call),
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

async function* runTrainer(
  client: Client,
  method: MethodDefinition<RunTrainerRequest, RunTrainerEvent>,
  requests: Iterable<RunTrainerRequest> | AsyncIterable<RunTrainerRequest>,
  options: EnclaveHostClientOptions,
  call: ClientCallOptions,
): AsyncGenerator<RunTrainerEvent> {
  const { path, requestSerialize, responseDeserialize } = method;
  const limit =
    call.deadlineMilliseconds ??
    options.streamDeadlineMilliseconds ??
    DEFAULT_STREAM_DEADLINE_MILLISECONDS;
  const stream = client.makeBidiStreamRequest<RunTrainerRequest, RunTrainerEvent>(
    path,
    requestSerialize,
    responseDeserialize,
    metadataOf(options),
    deadline(limit),
  );
  const cancel = (): void => stream.cancel();
  call.signal?.addEventListener('abort', cancel, { once: true });
  const ended = new AbortController();
  const failed = new AbortController();
  // Nobody waits for it: requests that never come must not hold up an answer that did.
  send(requests, stream, ended.signal).catch((error: unknown) => {
    failed.abort(error);
    stream.cancel();
  });
  try {
    for await (const event of stream) yield event as RunTrainerEvent;
  } catch (error) {
    // What the caller's own requests threw comes before the cancellation that it caused.
    failed.signal.throwIfAborted();
    throw isServiceError(error) ? fromServiceError(error) : error;
  } finally {
    call.signal?.removeEventListener('abort', cancel);
    ended.abort();
    stream.cancel();
  }
}

/** Sends until the requests or the call end. A call that ends early says why through its status, not through this. */
async function send(
  requests: Iterable<RunTrainerRequest> | AsyncIterable<RunTrainerRequest>,
  stream: ClientDuplexStream<RunTrainerRequest, RunTrainerEvent>,
  ended: AbortSignal,
): Promise<void> {
  try {
    for await (const request of requests) {
      if (ended.aborted) return;
      if (!stream.write(request)) await once(stream, 'drain', { signal: ended });
    }
    stream.end();
  } catch (error) {
    if (!ended.aborted && !isServiceError(error)) throw error;
  }
}

function isServiceError(error: unknown): error is ServiceError {
  return error instanceof Error && 'details' in error && 'metadata' in error;
}

const deadline = (milliseconds: number): CallOptions => ({ deadline: Date.now() + milliseconds });

function metadataOf({ traceparent }: EnclaveHostClientOptions): Metadata {
  const metadata = new Metadata();
  const value = traceparent?.();
  if (value !== undefined) metadata.set('traceparent', value);
  return metadata;
}
