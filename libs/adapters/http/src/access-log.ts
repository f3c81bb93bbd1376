import type { NextFunction, Request, Response } from 'express';
import type { Logger } from '@touchstone/ports';
import type { Metrics } from '@touchstone/runtime';
import { contextOf } from './request-context';

const MAX_LOGGED_PATH = 300;
const MICROSECONDS = 1_000;

/** One line and one observation when the answer is out, or when the caller went away before. */
export function accessLog({
  logger,
  metrics,
}: {
  readonly logger: Logger;
  readonly metrics: Metrics;
}) {
  return (request: Request, response: Response, next: NextFunction): void => {
    // Routers rewrite `url` on their way down; the line names what was asked. Queries may hold what must not be kept.
    const path = request.path.slice(0, MAX_LOGGED_PATH);
    response.once('close', () => {
      const { requestId, startedAt, refusedWith } = contextOf(response);
      const milliseconds = performance.now() - startedAt;
      const route = routeOf(request);
      const { statusCode: status } = response;
      metrics.httpRequest({ method: request.method, route, status, seconds: milliseconds / 1_000 });
      logger.info('request', {
        requestId,
        method: request.method,
        path,
        status,
        ms: Math.round(milliseconds * MICROSECONDS) / MICROSECONDS,
        ...(refusedWith !== undefined && { code: refusedWith }),
        ...(!response.writableFinished && { aborted: true }),
      });
    });
    next();
  };
}

/** The pattern that matched, so that metric labels stay few. */
function routeOf(request: Request): string {
  const route: unknown = request.route;
  if (typeof route !== 'object' || route === null || !('path' in route)) return 'none';
  return String(route.path);
}
