import { once } from 'node:events';
import type {
  CallOptions,
  Client,
  ClientDuplexStream,
  Metadata,
  MethodDefinition,
  ServiceError,
} from '@grpc/grpc-js';
import { fromServiceError } from './status';

/** One call over a channel. */
export interface StreamCall<Request, Response> {
  readonly client: Client;
  readonly method: MethodDefinition<Request, Response>;
  readonly metadata: Metadata;
  readonly options: CallOptions;
  readonly signal?: AbortSignal;
}

/** Sends the requests as the other side takes them, while the answers come back. */
export async function* callStream<Request, Response>(
  { client, method, metadata, options, signal }: StreamCall<Request, Response>,
  requests: Iterable<Request> | AsyncIterable<Request>,
): AsyncGenerator<Response> {
  const { path, requestSerialize, responseDeserialize } = method;
  const stream = client.makeBidiStreamRequest<Request, Response>(
    path,
    requestSerialize,
    responseDeserialize,
    metadata,
    options,
  );
  const cancel = (): void => stream.cancel();
  signal?.addEventListener('abort', cancel, { once: true });
  const ended = new AbortController();
  const failed = new AbortController();
  // Nobody waits for it: requests that never come must not hold up an answer that did.
  send(requests, stream, ended.signal).catch((error: unknown) => {
    failed.abort(error);
    stream.cancel();
  });
  try {
    for await (const response of stream) yield response as Response;
  } catch (error) {
    // What the caller's own requests threw comes before the cancellation that it caused.
    failed.signal.throwIfAborted();
    throw isServiceError(error) ? fromServiceError(error) : error;
  } finally {
    signal?.removeEventListener('abort', cancel);
    ended.abort();
    stream.cancel();
  }
}

/** One request, and the answers as they are taken. */
export async function* callFeed<Request, Response>(
  { client, method, metadata, options, signal }: StreamCall<Request, Response>,
  request: Request,
): AsyncGenerator<Response> {
  const { path, requestSerialize, responseDeserialize } = method;
  const stream = client.makeServerStreamRequest<Request, Response>(
    path,
    requestSerialize,
    responseDeserialize,
    request,
    metadata,
    options,
  );
  const cancel = (): void => stream.cancel();
  signal?.addEventListener('abort', cancel, { once: true });
  try {
    for await (const response of stream) yield response as Response;
  } catch (error) {
    throw isServiceError(error) ? fromServiceError(error) : error;
  } finally {
    signal?.removeEventListener('abort', cancel);
    stream.cancel();
  }
}

/** Sends until the requests or the call end. A call that ends early says why through its status, not through this. */
async function send<Request, Response>(
  requests: Iterable<Request> | AsyncIterable<Request>,
  stream: ClientDuplexStream<Request, Response>,
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
