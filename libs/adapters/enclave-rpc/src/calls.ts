import { once } from 'node:events';
import { Metadata } from '@grpc/grpc-js';
import type {
  handleBidiStreamingCall,
  handleServerStreamingCall,
  handleUnaryCall,
  ServerDuplexStream,
  ServerUnaryCall,
  ServerWritableStream,
} from '@grpc/grpc-js';
import { CodedError } from '@touchstone/errors';
import { toWireStatus } from './status';
import type { StatusTable } from './status';

export interface CallContext {
  /** Name of the method as in the proto file, in camel case. */
  readonly method: string;
  /** Aborts when the caller goes away, its deadline passes, or the server's own limit is reached. */
  readonly signal: AbortSignal;
  /** The caller's W3C trace context, unchecked. */
  readonly traceparent?: string;
  /** A text of the request's metadata, unchecked. */
  metadata(name: string): string | undefined;
  /** Sends a trace context back in the response metadata; only the first call counts. */
  sendTraceparent(traceparent: string): void;
}

/** Runs around every call, so that tracing, logging and metrics are written once. */
export type AroundCall = <Result>(
  context: CallContext,
  run: () => Promise<Result>,
) => Promise<Result>;

export interface CallRules {
  readonly statuses: StatusTable;
  readonly around: AroundCall;
  /** Most milliseconds that a call of this method may take, whatever deadline its caller asked for. */
  readonly limitMilliseconds: (method: string) => number;
  /** Told of errors that the status table does not foresee. */
  readonly onUnforeseen: (error: unknown, context: CallContext) => void;
}

/** What every kind of call has. */
type SurfaceCall = Pick<
  ServerUnaryCall<unknown, unknown>,
  'metadata' | 'cancelled' | 'sendMetadata'
> & { on(event: 'cancelled', listener: () => void): unknown };

/** A call whose answer is a stream. */
type Outgoing<Response> =
  ServerDuplexStream<unknown, Response> | ServerWritableStream<unknown, Response>;

export function unaryHandler<Request, Response>(
  method: string,
  handle: (request: Request, context: CallContext) => Promise<Response>,
  rules: CallRules,
): handleUnaryCall<Request, Response> {
  return (call, callback) => {
    const { context, finish } = openCall(method, call, rules);
    const run = (): Promise<Response> =>
      unlessAborted(handle(call.request, context), context.signal);
    rules
      .around(context, run)
      .then((response) => callback(null, response))
      .catch((error: unknown) => callback(failure(error, context, rules)))
      .finally(finish);
  };
}

export function streamHandler<Request, Response>(
  method: string,
  handle: (requests: AsyncIterable<Request>, context: CallContext) => AsyncIterable<Response>,
  rules: CallRules,
): handleBidiStreamingCall<Request, Response> {
  return (call) => {
    const { context, finish } = openCall(method, call, rules);
    // Reading to the end must not close the other direction, which is the iterator's habit with a duplex stream.
    const received: AsyncIterable<Request> = call.iterator({ destroyOnReturn: false });
    const requests = whileOpen(received, context.signal);
    answer(call, () => handle(requests, context), context, rules, finish);
  };
}

export function feedHandler<Request, Response>(
  method: string,
  handle: (request: Request, context: CallContext) => AsyncIterable<Response>,
  rules: CallRules,
): handleServerStreamingCall<Request, Response> {
  return (call) => {
    const { context, finish } = openCall(method, call, rules);
    answer(call, () => handle(call.request, context), context, rules, finish);
  };
}

function answer<Response>(
  call: Outgoing<Response>,
  responses: () => AsyncIterable<Response>,
  context: CallContext,
  rules: CallRules,
  finish: () => void,
): void {
  const run = (): Promise<void> =>
    unlessAborted(pump(responses(), call, context.signal), context.signal);
  rules
    .around(context, run)
    .then(() => call.end())
    // Sending a status is how a stream ends in failure: grpc-js takes it from an `error` event.
    .catch((error: unknown) => call.emit('error', failure(error, context, rules)))
    .finally(finish);
}

/** The same requests, but a handler that waits for the next one when the call is given up hears so. */
async function* whileOpen<Request>(
  requests: AsyncIterable<Request>,
  signal: AbortSignal,
): AsyncGenerator<Request> {
  const iterator = requests[Symbol.asyncIterator]();
  for (;;) {
    const next = await unlessAborted(iterator.next(), signal);
    if (next.done === true) return;
    yield next.value;
  }
}

/** Writes what comes, no faster than the caller reads it. */
async function pump<Response>(
  responses: AsyncIterable<Response>,
  call: Outgoing<Response>,
  signal: AbortSignal,
): Promise<void> {
  for await (const response of responses) {
    if (signal.aborted) return;
    if (!call.write(response)) await once(call, 'drain', { signal });
  }
}

function openCall(
  method: string,
  call: SurfaceCall,
  rules: CallRules,
): { context: CallContext; finish: () => void } {
  const abort = new AbortController();
  const cancelled = (): void => abort.abort(new CallAbort('CANCELLED', 'the caller went away'));
  const late = (): void =>
    abort.abort(new CallAbort('DEADLINE_EXCEEDED', 'the call took too long'));
  call.on('cancelled', cancelled);
  const timer = setTimeout(late, rules.limitMilliseconds(method));
  timer.unref();
  const metadataOf = (name: string): string | undefined => {
    const value = call.metadata.get(name)[0];
    return typeof value === 'string' ? value : undefined;
  };
  const traceparent = metadataOf('traceparent');
  let sent = false;
  const context: CallContext = {
    method,
    signal: abort.signal,
    ...(traceparent !== undefined && { traceparent }),
    metadata: metadataOf,
    sendTraceparent(value) {
      if (sent || call.cancelled) return;
      sent = true;
      const metadata = new Metadata();
      metadata.set('traceparent', value);
      call.sendMetadata(metadata);
    },
  };
  return { context, finish: () => clearTimeout(timer) };
}

/** Why a call was given up; these two codes are the same in every table. */
export class CallAbort extends CodedError<'CANCELLED' | 'DEADLINE_EXCEEDED'> {}
const abortStatuses: StatusTable = {
  CANCELLED: 'CANCELLED',
  DEADLINE_EXCEEDED: 'DEADLINE_EXCEEDED',
};

function failure(error: unknown, context: CallContext, rules: CallRules) {
  const seen = context.signal.aborted ? context.signal.reason : error;
  const { foreseen, ...wire } = toWireStatus(seen, { ...rules.statuses, ...abortStatuses });
  if (!foreseen) rules.onUnforeseen(seen, context);
  return Object.assign(new Error(wire.details), wire);
}

async function unlessAborted<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  if (signal.aborted) throw signal.reason;
  let stop = (): void => undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    stop = () => reject(signal.reason as Error);
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
