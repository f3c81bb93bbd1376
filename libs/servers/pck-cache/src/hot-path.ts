import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { toHex } from '@touchstone/bytes';
import type { Clock, Logger, Random } from '@touchstone/ports';
import type { Metrics } from '@touchstone/runtime';
import type { HotAnswer, HotAnswers } from './hot-answers';

export interface HotPathOptions {
  readonly hot: HotAnswers;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly random: Random;
}

const REQUEST_ID_BYTES = 16;
const POOL_BYTES = 4_096;

/**
 * Answers a request that was answered before, in the same words, without the app behind: no routing, no parsing, headers
 * made once. Everything else goes to the app.
 */
export function hotPath(app: RequestListener, options: HotPathOptions): RequestListener {
  const { hot, clock } = options;
  const newRequestId = requestIds(options.random);
  return (request, response) => {
    const known =
      request.method === 'GET' ? hot.get(request.url ?? '', clock.now().getTime()) : undefined;
    if (known === undefined) return app(request, response);
    answer(request, response, known, newRequestId(), options);
  };
}

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { headers, body, route }: HotAnswer,
  requestId: string,
  { logger, metrics }: HotPathOptions,
): void {
  const startedAt = performance.now();
  response.writeHead(200, [...headers, 'Request-ID', requestId]);
  response.end(body);
  const ms = performance.now() - startedAt;
  metrics.httpRequest({ method: 'GET', route, status: 200, seconds: ms / 1_000 });
  logger.info('request', {
    requestId,
    method: 'GET',
    path: pathOf(request.url),
    status: 200,
    hot: true,
  });
}

const pathOf = (target = ''): string => {
  const query = target.indexOf('?');
  return query < 0 ? target : target.slice(0, query);
};

/** Ids cut from a pool: asking the system for sixteen bytes costs as much as the rest of the answer. */
function requestIds(random: Random): () => string {
  let pool: Uint8Array = new Uint8Array();
  let used = 0;
  return () => {
    if (used + REQUEST_ID_BYTES > pool.length) {
      pool = random.bytes(POOL_BYTES);
      used = 0;
    }
    used += REQUEST_ID_BYTES;
    return toHex(pool.subarray(used - REQUEST_ID_BYTES, used));
  };
}
