import type { Request, Response } from 'express';
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
}

const PCS_REQUEST_ID_BYTES = 16;
const contexts = new WeakMap<Response, RequestContext>();

export function openContext(
  request: Request,
  response: Response,
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
  contexts.set(response, context);
  return context;
}

/** The context of a request that went through `createApp`. */
export function contextOf(response: Response): RequestContext {
  const context = contexts.get(response);
  if (context === undefined) throw new TypeError('the response did not come through createApp');
  return context;
}

/** The id that stands in the answer's request-id header and names its decision record. */
export function requestIdOf(response: Response): string {
  return contextOf(response).requestId;
}

function headerOf(request: Request, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' ? value : undefined;
}
