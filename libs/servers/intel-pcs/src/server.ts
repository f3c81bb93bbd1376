import type { Express, NextFunction, Request, Response } from 'express';
import { createApp } from '@touchstone/http';
import type { Logger } from '@touchstone/ports';
import type { Metrics } from '@touchstone/runtime';
import { DIALECT } from './error-table';
import { PcsRequestError } from './request-error';
import { certificateRoutes, type CertificateRouteOptions } from './routes/certificates';
import { collateralRoutes } from './routes/collateral';
import { manufacturingRoutes } from './routes/manufacturing';
import { simulationRoutes } from './routes/simulation';
import type { IntelPcs } from './service';

export interface IntelPcsServerOptions extends CertificateRouteOptions {
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Bearer token of the factory and of the simulation. */
  readonly manufacturingToken: string;
  readonly ready?: () => Promise<void>;
}

/** The Express app of the simulated Intel services; it never listens. */
export function createIntelPcsServer(pcs: IntelPcs, options: IntelPcsServerOptions): Express {
  const { logger, metrics, manufacturingToken, ready } = options;
  return createApp({
    service: 'intel-pcs',
    logger,
    metrics,
    clock: pcs.clock,
    requestId: 'pcs',
    ...(ready ? { ready } : {}),
    errors: DIALECT,
    routes: (app) => {
      manufacturingRoutes(app, pcs, manufacturingToken);
      simulationRoutes(app, pcs, manufacturingToken);
      // Everything below is Intel's, and can be made to fail as Intel's services do.
      app.use(availability(pcs));
      certificateRoutes(app, pcs, options);
      collateralRoutes(app, pcs);
    },
  });
}

function availability(pcs: IntelPcs) {
  return (_request: Request, _response: Response, next: NextFunction): void => {
    const now = pcs.availability();
    if (now === 'up') return next();
    next(
      now === 'down'
        ? new PcsRequestError('PCS_UNAVAILABLE', 'the service is told to be down')
        : new PcsRequestError('PCS_THROTTLED', 'the service is told to throttle'),
    );
  };
}
