import type { Express } from 'express';
import { createApp, type OperatorAccess } from '@touchstone/http';
import type { Clock, Logger, Random } from '@touchstone/ports';
import type { Metrics } from '@touchstone/runtime';
import {
  SERVICE_NAME,
  type AttestationService,
  type DecisionRecorder,
  type ProviderDirectory,
} from '@touchstone/service-attestation';
import { attestationDialect } from './error-table';
import { addRoutes } from './routes';

export interface AttestationServerOptions {
  readonly directory: ProviderDirectory;
  readonly recorder: DecisionRecorder;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly random?: Random;
  readonly ready?: () => Promise<void>;
  readonly operator?: OperatorAccess;
}

/** Azure Attestation's data plane over HTTP. It never listens. */
export function createAttestationServer(
  service: AttestationService,
  options: AttestationServerOptions,
): Express {
  const { directory, recorder, ...shared } = options;
  return createApp({
    ...shared,
    service: SERVICE_NAME,
    requestId: 'azure',
    errors: attestationDialect,
    routes: (app) => addRoutes(app, { service, directory, recorder, metrics: options.metrics }),
  });
}
