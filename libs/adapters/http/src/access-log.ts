import type { IncomingMessage, ServerResponse } from 'node:http';
import type { NextFunction, Request, Response } from 'express';
import type { Logger } from '@touchstone/ports';
import type { Metrics } from '@touchstone/runtime';
import { contextOf } from './request-context';

const MAX_LOGGED_PATH = 300;
const MICROSECONDS = 1_000;

export interface AccessLogOptions {
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** One line and one observation when the answer is out, or when the caller went away before. */
export function accessLog(options: AccessLogOptions) {
  return (request: Request, response: Response, next: NextFunction): void => {
    // Routers rewrite `url` on their way down; the line names what was asked.
    logWhenClosed(request, response, {
      ...options,
      path: request.path,
      route: () => routeOf(request),
    });
    next();
  };
}

export interface Asked {
  /** Without the query, which may hold what must not be kept. */
  readonly path: string;
  readonly route: () => string;
}

export function logWhenClosed(
  { method = '' }: IncomingMessage,
  response: ServerResponse,
  { logger, metrics, path, route }: AccessLogOptions & Asked,
): void {
  response.once('close', () => {
    const { requestId, startedAt, refusedWith } = contextOf(response);
    const milliseconds = performance.now() - startedAt;
    const { statusCode: status } = response;
    metrics.httpRequest({ method, route: route(), status, seconds: milliseconds / 1_000 });
    logger.info('request', {
      requestId,
      method,
      path: path.slice(0, MAX_LOGGED_PATH),
      status,
      ms: Math.round(milliseconds * MICROSECONDS) / MICROSECONDS,
      ...(refusedWith !== undefined && { code: refusedWith }),
      ...(!response.writableFinished && { aborted: true }),
    });
  });
}

/** The pattern that matched, so that metric labels stay few. */
function routeOf(request: Request): string {
  const route: unknown = request.route;
  if (typeof route !== 'object' || route === null || !('path' in route)) return 'none';
  return String(route.path);
}
