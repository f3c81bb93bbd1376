import type { Express, Request, RequestHandler, Response } from 'express';
import { parseJson } from '@touchstone/claims';
import { encodeDecisionRecord } from '@touchstone/decision';
import { JSON_TYPES, handler, requestIdOf, resource, textBody } from '@touchstone/http';
import type { Clock } from '@touchstone/ports';
import type { Metrics } from '@touchstone/runtime';
import {
  SERVICE_NAME,
  type AttestDecision,
  type AttestationService,
  type DecisionRecorder,
  type ProviderDirectory,
  type ProviderOwner,
} from '@touchstone/service-attestation';
import { attestation } from '@touchstone/wire';
import { apiVersion, requireApiVersion } from './api-version';
import type { Door } from './door';
import { wireOutcome } from './error-table';
import { locate, locationOf } from './location';
import { addOwnerRoutes } from './owner-routes';
import { addProviderRoutes, type ProviderAdmin } from './provider-routes';
import { addTpmRoute } from './tpm-route';

/** What the live service calls its server. */
const SERVER_NAME = 'Kestrel';
/** A number in the form of Azure's builds; ours. */
export const SERVICE_VERSION = '0.1.00000.0001';

export interface RouteDeps {
  readonly service: AttestationService;
  readonly directory: ProviderDirectory;
  readonly recorder: DecisionRecorder;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly owner: ProviderOwner;
  readonly door: Door;
  /** Makes and deletes providers; only with an operator's token. */
  readonly admin?: ProviderAdmin;
}

/** All routes on one screen. Each decodes, calls the service once, encodes. */
export function addRoutes(app: Express, deps: RouteDeps): void {
  app.use(serviceVersion);
  if (deps.admin) addProviderRoutes(app, deps.admin);
  app.use(locate(deps.directory));
  addOwnerRoutes(app, deps);
  addTpmRoute(app, deps.door);
  for (const type of attestation.ATTESTATION_TYPES) {
    resource(app, attestation.attestPath(type), {
      post: [
        // Before the body: nobody uploads a megabyte to learn that the version is unknown.
        requireApiVersion,
        textBody(attestation.MAX_ATTEST_BODY_BYTES, { types: JSON_TYPES }),
        handler((request, response) => attest(deps, type, request, response)),
      ],
    });
  }
  resource(app, attestation.CERTS_PATH, {
    get: handler((_request, response) => sendKeySet(deps, response)),
  });
  resource(app, attestation.SERVICE_HEALTH_PATH, {
    get: [
      requireApiVersion,
      handler((_request, response) => {
        response.status(204).end();
      }),
    ],
  });
  resource(app, attestation.METADATA_PATH, {
    get: handler((_request, response) => {
      response.json(deps.service.metadata(locationOf(response).issuer));
    }),
  });
}

const serviceVersion: RequestHandler = (_request, response, next) => {
  response.setHeader('server', SERVER_NAME);
  response.setHeader(attestation.AnswerHeader.serviceVersion, SERVICE_VERSION);
  next();
};

async function attest(
  deps: RouteDeps,
  type: attestation.AttestationType,
  request: Request,
  response: Response,
): Promise<void> {
  const { provider, issuer } = locationOf(response);
  const body = parseJson(String(request.body), 'body');
  const order = attestation.decodeAttestRequest(type, apiVersion(request), body);
  const decision = await deps.service.attest({ ...order, provider, issuer, type });
  await keep(deps, decision, requestIdOf(response));
  if (!decision.granted) throw decision.error;
  response.json(attestation.tokenAnswer(decision.token));
}

/** The record stands under the request id of the answer. */
async function keep(
  { recorder, metrics }: RouteDeps,
  decision: AttestDecision,
  requestId: string,
): Promise<void> {
  const wire = decision.granted ? { status: 200 } : wireOutcome(decision.error.code);
  const { draft } = decision;
  metrics.decision({
    kind: draft.kind,
    outcome: draft.outcome,
    ...('code' in wire && { code: wire.code }),
  });
  await recorder.record({
    requestId,
    service: SERVICE_NAME,
    at: new Date(draft.at),
    record: encodeDecisionRecord({ ...draft, requestId, ...wire }),
  });
}

async function sendKeySet({ service }: RouteDeps, response: Response): Promise<void> {
  const { provider, issuer } = locationOf(response);
  response.json(await service.keySet(provider, issuer));
}
