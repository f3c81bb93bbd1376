import type { IncomingMessage, ServerResponse } from 'node:http';
import { toHex } from '@touchstone/bytes';
import type { Random } from '@touchstone/ports';
import {
  formatTraceparent,
  newTrace,
  nextSpan,
  parseTraceparent,
  type Trace,
} from '@touchstone/runtime';

/** `azure`: `x-ms-request-id` in traceparent form; `pcs`: `Request-ID`, 32 hex digits. */
export type RequestIdStyle = 'azure' | 'pcs';

/** What belongs to one request; made by the first middleware. */
export interface RequestContext {
  readonly requestId: string;
  readonly trace: Trace;
  readonly startedAt: number;
  /** The error code that the answer stands for, for the access line. */
  refusedWith?: string;
  /** What went wrong before Express saw the request; it only has to answer it. */
  failure?: unknown;
}

const PCS_REQUEST_ID_BYTES = 16;
const CONTEXT = Symbol('request context');
type Carrier = ServerResponse & { [CONTEXT]?: RequestContext };

/** The header that carries the id. */
export const requestIdHeader = (style: RequestIdStyle): string =>
  style === 'azure' ? 'x-ms-request-id' : 'Request-ID';

export function openContext(
  request: IncomingMessage,
  response: Carrier,
  style: RequestIdStyle,
  random: Random,
): RequestContext {
  const caller = parseTraceparent(headerOf(request, 'traceparent'));
  const trace = caller === undefined ? newTrace(random) : nextSpan(caller, random);
  const requestId =
    style === 'azure'
      ? // Azure's own ids have the shape of a traceparent with the flags 00.
        formatTraceparent({ ...trace, sampled: false })
      : toHex(random.bytes(PCS_REQUEST_ID_BYTES));
  const context: RequestContext = { requestId, trace, startedAt: performance.now() };
  response[CONTEXT] = context;
  return context;
}

export const openedContext = (response: Carrier): RequestContext | undefined => response[CONTEXT];

/** The context of a request that went through `createApp`. */
export function contextOf(response: ServerResponse): RequestContext {
  const context = openedContext(response);
  if (context === undefined) throw new TypeError('the response did not come through createApp');
  return context;
}

/** The id that stands in the answer's request-id header and names its decision record. */
export function requestIdOf(response: ServerResponse): string {
  return contextOf(response).requestId;
}

function headerOf(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' ? value : undefined;
}
