import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Random } from '@touchstone/ports';
import { systemRandom, withTrace } from '@touchstone/runtime';
import { logWhenClosed, type AccessLogOptions } from './access-log';
import { readText, type BodyOptions } from './body';
import {
  openContext,
  requestIdHeader,
  type RequestContext,
  type RequestIdStyle,
} from './request-context';

/** The way of a request past Express. */
export interface DirectRoute {
  /** The pattern, for metrics. */
  readonly route: string;
  /** Names and values in turn: what stands in every answer, those of failures too. */
  readonly headers: readonly string[];
  /** A rejection becomes the answer that Express would give. */
  readonly answer: (call: DirectCall) => Promise<DirectAnswer>;
}

export interface DirectCall {
  readonly requestId: string;
  /** The body, of at most `limit` bytes of UTF-8; fails as `textBody` does. */
  text(limit: number, options: BodyOptions): Promise<string>;
}

/** Status 200. */
export interface DirectAnswer {
  /** Names and values in turn; none of the route's, and no length. */
  readonly headers: readonly string[];
  readonly body: string | Buffer;
}

/** Says at a glance whether a request may pass; whatever is unusual goes the long way. */
export type DirectRouter = (request: IncomingMessage) => DirectRoute | undefined;

export interface DirectOptions extends AccessLogOptions {
  readonly requestId: RequestIdStyle;
  readonly random?: Random;
}

/**
 * Answers what `direct` takes with Node's own means, and leaves the rest to `app`. Trace, request id, limits, log, metrics
 * and failures are those of every other request.
 */
export function directListener(
  app: RequestListener,
  direct: DirectRouter,
  options: DirectOptions,
): RequestListener {
  const { requestId: style, logger, metrics, random = systemRandom } = options;
  const idHeader = requestIdHeader(style);

  async function answer(
    request: IncomingMessage,
    response: ServerResponse,
    route: DirectRoute,
    context: RequestContext,
  ): Promise<void> {
    const { requestId } = context;
    try {
      const { headers, body } = await route.answer({
        requestId,
        text: (limit, taken) => readText(request, response, limit, taken),
      });
      const length = String(Buffer.byteLength(body));
      const all = [idHeader, requestId, ...route.headers, ...headers];
      response.writeHead(200, [...all, 'Content-Length', length]);
      response.end(body);
    } catch (error) {
      context.failure = error;
      for (let at = 0; at + 1 < route.headers.length; at += 2)
        response.setHeader(route.headers[at] ?? '', route.headers[at + 1] ?? '');
      app(request, response);
    }
  }

  return (request, response) => {
    const route = direct(request);
    if (route === undefined) return app(request, response);
    const context = openContext(request, response, style, random);
    const path = pathOf(request.url);
    logWhenClosed(request, response, { logger, metrics, path, route: () => route.route });
    void withTrace(context.trace, () => answer(request, response, route, context));
  };
}

function pathOf(target = ''): string {
  const query = target.indexOf('?');
  return query < 0 ? target : target.slice(0, query);
}
