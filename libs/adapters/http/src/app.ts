import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import type { Clock, Logger, Random } from '@touchstone/ports';
import { systemRandom, withTrace, type Metrics } from '@touchstone/runtime';
import { accessLog } from './access-log';
import type { ErrorDialect } from './error-dialect';
import { errorResponder } from './error-responder';
import { HttpError } from './http-error';
import { operatorRoutes, type OperatorAccess } from './operator';
import { probes } from './probes';
import {
  openContext,
  openedContext,
  requestIdHeader,
  type RequestIdStyle,
} from './request-context';

export interface AppOptions {
  readonly service: string;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly requestId: RequestIdStyle;
  /** For trace and request ids; the operating system's when absent. */
  readonly random?: Random;
  /** Resolves when the service can serve; throws with the reason when it cannot. */
  readonly ready?: () => Promise<void>;
  readonly errors: ErrorDialect;
  /** Decision records over the wire, for whoever runs the service. */
  readonly operator?: OperatorAccess;
  /** Adds the service's own routes, between what comes first and what comes last. */
  readonly routes: (app: Express) => void;
}

/** The one place that says in which order a request passes what all services share. It never listens. */
export function createApp(options: AppOptions): Express {
  const app = express();
  // A caller need not know what we are made of, and bodies are hashed by no one: no ETag work on each answer.
  app.disable('x-powered-by');
  app.disable('etag');
  // Health, readiness and metrics come first: they are neither logged nor traced.
  app.use(probes(options));
  // Every request has a trace and an id, and its answer carries the id.
  app.use(requestContext(options));
  // One line in the log and one observation for each answer.
  app.use(accessLog(options));
  // Decision records, where the operator has a token.
  if (options.operator !== undefined) app.use(operatorRoutes(options.operator));
  // What the service is there for.
  options.routes(app);
  // Nobody answered: no such resource.
  app.use(notFound);
  // Every failure, from any of the above, in the service's own dialect.
  app.use(errorResponder(options.errors, options.logger));
  return app;
}

function requestContext(options: AppOptions) {
  const random = options.random ?? systemRandom;
  const header = requestIdHeader(options.requestId);
  return (request: Request, response: Response, next: NextFunction): void => {
    const opened = openedContext(response);
    const context = opened ?? openContext(request, response, options.requestId, random);
    response.setHeader(header, context.requestId);
    withTrace(context.trace, opened === undefined ? next : () => next(opened.failure));
  };
}

function notFound(_request: Request, _response: Response, next: NextFunction): void {
  next(new HttpError('HTTP_NOT_FOUND', 'there is no such resource'));
}
