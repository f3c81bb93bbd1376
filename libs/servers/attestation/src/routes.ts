import type { Express, Request, RequestHandler, Response } from 'express';
import { JSON_TYPES, handler, requestIdOf, resource, textBody } from '@touchstone/http';
import type { Clock } from '@touchstone/ports';
import type {
  ProviderDirectory,
  ProviderOwner,
  TcbBaselines,
} from '@touchstone/service-attestation';
import { attestation } from '@touchstone/wire';
import { apiVersion, isPreview, requireApiVersion, requireVersion } from './api-version';
import { attest, type AttestDeps } from './attest-operation';
import { addBaselineRoutes } from './baseline-routes';
import type { Door } from './door';
import { locate, locationOf } from './location';
import { addOwnerRoutes } from './owner-routes';
import { addPreviewRoutes, type PreviewRouteDeps } from './preview-routes';
import { addProviderRoutes, type ProviderAdmin } from './provider-routes';
import { addRevocationRoutes, type RevocationRouteDeps } from './revocation-routes';
import { SERVICE_HEADERS } from './service-headers';
import { addTpmRoute } from './tpm-route';

export interface RouteDeps extends AttestDeps, PreviewRouteDeps, RevocationRouteDeps {
  readonly directory: ProviderDirectory;
  readonly clock: Clock;
  readonly owner: ProviderOwner;
  readonly baselines: TcbBaselines;
  readonly door: Door;
  /** Makes and deletes providers; only with an operator's token. */
  readonly admin?: ProviderAdmin;
}

/** All routes on one screen. Each decodes, calls the service once, encodes. */
export function addRoutes(app: Express, deps: RouteDeps): void {
  app.use(serviceHeaders);
  if (deps.admin) addProviderRoutes(app, deps.admin);
  app.use(locate(deps.directory));
  addOwnerRoutes(app, deps);
  addBaselineRoutes(app, deps.baselines, deps.door);
  addPreviewRoutes(app, deps);
  addRevocationRoutes(app, deps);
  addTpmRoute(app, deps.door);
  for (const type of attestation.ATTESTATION_TYPES) {
    resource(app, attestation.attestPath(type), {
      post: [
        // Before the body: nobody uploads a megabyte to learn that the version is unknown.
        requireApiVersion,
        textBody(attestation.MAX_ATTEST_BODY_BYTES, { types: JSON_TYPES }),
        handler((request, response) => sendToken(deps, type, request, response)),
      ],
    });
  }
  resource(app, attestation.CERTS_PATH, {
    get: handler((request, response) => sendKeySet(deps, request, response)),
  });
  resource(app, attestation.SERVICE_HEALTH_PATH, {
    get: [
      requireVersion(attestation.SERVICE_HEALTH_VERSIONS),
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

const serviceHeaders: RequestHandler = (_request, response, next) => {
  for (let at = 0; at + 1 < SERVICE_HEADERS.length; at += 2)
    response.setHeader(SERVICE_HEADERS[at] ?? '', SERVICE_HEADERS[at + 1] ?? '');
  next();
};

async function sendToken(
  deps: RouteDeps,
  type: attestation.AttestationType,
  request: Request,
  response: Response,
): Promise<void> {
  const { provider, issuer } = locationOf(response);
  const token = await attest(deps, {
    type,
    version: apiVersion(request),
    provider,
    issuer,
    requestId: requestIdOf(response),
    body: String(request.body),
  });
  response.json(attestation.tokenAnswer(token));
}

/** Clients of the preview find certificates as it had them. */
async function sendKeySet(
  { service }: RouteDeps,
  request: Request,
  response: Response,
): Promise<void> {
  const { provider, issuer } = locationOf(response);
  response.json(await service.keySet(provider, issuer, isPreview(request) ? '2020' : '2022'));
}
