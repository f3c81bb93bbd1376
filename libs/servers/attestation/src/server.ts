import type { RequestListener } from 'node:http';
import { createApp, directListener, type OperatorAccess } from '@touchstone/http';
import type { Clock, DecisionStore, Logger, Random } from '@touchstone/ports';
import type { Metrics } from '@touchstone/runtime';
import {
  SERVICE_NAME,
  type AttestationService,
  type ProviderDirectory,
  type PreviewOwner,
  type ProviderOwner,
  type Revocations,
  type TcbBaselines,
} from '@touchstone/service-attestation';
import { directAttest } from './direct-attest';
import type { Door } from './door';
import { challengingDialect, type Challenge } from './error-table';
import { withPreviewErrors } from './preview-errors';
import type { PreviewTokenForm } from './preview-routes';
import type { ProviderAdmin } from './provider-routes';
import { addRoutes } from './routes';

export interface AttestationServerOptions {
  readonly directory: ProviderDirectory;
  readonly decisions: Pick<DecisionStore, 'append'>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly random?: Random;
  readonly ready?: () => Promise<void>;
  readonly operator?: OperatorAccess;
  readonly owner: ProviderOwner;
  readonly baselines: TcbBaselines;
  readonly previewOwner: PreviewOwner;
  readonly previewTokens: PreviewTokenForm;
  readonly revocations: Revocations;
  readonly door: Door;
  readonly challenge: Challenge;
  readonly admin?: ProviderAdmin;
}

/** Azure Attestation's data plane over HTTP. It never listens. */
export function createAttestationServer(
  service: AttestationService,
  options: AttestationServerOptions,
): RequestListener {
  const { directory, decisions, owner, baselines, previewOwner, ...others } = options;
  const { previewTokens, revocations, door, challenge, admin, ...shared } = others;
  const { metrics, clock } = options;
  const requestId = 'azure';
  const app = createApp({
    ...shared,
    service: SERVICE_NAME,
    requestId,
    errors: withPreviewErrors(challengingDialect(challenge)),
    routes: (app) =>
      addRoutes(app, {
        service,
        directory,
        decisions,
        metrics,
        clock,
        owner,
        baselines,
        previewOwner,
        previewTokens,
        revocations,
        door,
        ...(admin && { admin }),
      }),
  });
  const direct = directAttest({ service, directory, decisions, metrics });
  return directListener(app, direct, { ...shared, requestId });
}
