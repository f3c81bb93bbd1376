import type { RequestListener } from 'node:http';
import { createApp, directListener, type OperatorAccess } from '@touchstone/http';
import type { Clock, Logger, Random } from '@touchstone/ports';
import type { Metrics } from '@touchstone/runtime';
import {
  SERVICE_NAME,
  type AttestationService,
  type DecisionRecorder,
  type ProviderDirectory,
  type ProviderOwner,
} from '@touchstone/service-attestation';
import { directAttest } from './direct-attest';
import type { Door } from './door';
import { challengingDialect, type Challenge } from './error-table';
import type { ProviderAdmin } from './provider-routes';
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
  readonly owner: ProviderOwner;
  readonly door: Door;
  readonly challenge: Challenge;
  readonly admin?: ProviderAdmin;
}

/** Azure Attestation's data plane over HTTP. It never listens. */
export function createAttestationServer(
  service: AttestationService,
  options: AttestationServerOptions,
): RequestListener {
  const { directory, recorder, owner, door, challenge, admin, ...shared } = options;
  const { metrics, clock } = options;
  const requestId = 'azure';
  const app = createApp({
    ...shared,
    service: SERVICE_NAME,
    requestId,
    errors: challengingDialect(challenge),
    routes: (app) =>
      addRoutes(app, {
        service,
        directory,
        recorder,
        metrics,
        clock,
        owner,
        door,
        ...(admin && { admin }),
      }),
  });
  const direct = directAttest({ service, directory, recorder, metrics });
  return directListener(app, direct, { ...shared, requestId });
}
