import type { Express, NextFunction, Request, Response } from 'express';
import { equal, fromUtf8, sha256 } from '@touchstone/bytes';
import {
  JSON_TYPES,
  SMALL_BODY_BYTES,
  handler,
  jsonBody,
  pathValue,
  resource,
} from '@touchstone/http';
import { parsePemChain } from '@touchstone/pki';
import type { AttestationProviderRecord } from '@touchstone/ports';
import {
  AttestationError,
  providerHost,
  type KeyAdministration,
  type ProviderRegistry,
} from '@touchstone/service-attestation';
import { OPERATOR_KEYS_PATH, addKeyRoutes } from './key-routes';

export const OPERATOR_PROVIDERS_PATH = '/operator/providers';

export interface ProviderAdmin {
  readonly registry: ProviderRegistry;
  readonly keys: KeyAdministration;
  /** The operator's token. */
  readonly token: string;
  /** The service's own origin, under which providers are reached by path. */
  readonly origin: () => string;
}

/** What Azure's resource manager does with providers, and signing keys, for whoever runs the service. */
export function addProviderRoutes(app: Express, admin: ProviderAdmin): void {
  const { registry, keys, token, origin } = admin;
  const shown = (record: AttestationProviderRecord): object => describe(record, origin());
  app.use([OPERATOR_PROVIDERS_PATH, OPERATOR_KEYS_PATH], operatorOnly(token));
  addKeyRoutes(app, keys);
  resource(app, OPERATOR_PROVIDERS_PATH, {
    get: handler(async (_request, response) => {
      response.json({ providers: (await registry.list()).map(shown) });
    }),
    post: [
      jsonBody(SMALL_BODY_BYTES, { types: JSON_TYPES }),
      handler(async (request, response) => {
        response.status(201).json(shown(await registry.create(readRequest(request.body))));
      }),
    ],
  });
  resource(app, `${OPERATOR_PROVIDERS_PATH}/:name`, {
    get: handler(async (request, response) => {
      response.json(shown(await registry.show(pathValue(request, 'name'))));
    }),
    delete: handler(async (request, response) => {
      await registry.delete(pathValue(request, 'name'));
      response.status(204).end();
    }),
  });
}

function operatorOnly(token: string) {
  const expected = sha256(fromUtf8(`Bearer ${token}`));
  return (request: Request, response: Response, next: NextFunction): void => {
    // Digests are compared, so that the time says nothing about the token, its length included.
    if (equal(sha256(fromUtf8(request.headers.authorization ?? '')), expected)) return next();
    response.status(401).set('www-authenticate', 'Bearer realm="operator"').end();
  };
}

function describe(record: AttestationProviderRecord, origin: string): object {
  const { name, region, trustModel, state, signers, policies, createdAt } = record;
  return {
    name,
    location: region,
    trustModel,
    status: state,
    attestUri: `https://${providerHost(name, region)}`,
    localUri: `${origin}/${name}`,
    signers: signers.length,
    policies: Object.keys(policies),
    createdAt: createdAt.toISOString(),
  };
}

/** `{"name","location","signers"?}`, signers as PEM text. */
function readRequest(body: unknown) {
  const members: Readonly<Record<string, unknown>> =
    typeof body === 'object' && body !== null ? { ...body } : {};
  const { name, location, signers = '' } = members;
  if (typeof name !== 'string') throw invalid('name');
  if (typeof location !== 'string') throw invalid('location');
  if (typeof signers !== 'string') throw invalid('signers');
  return { name, location, signers: signers === '' ? [] : readSigners(signers) };
}

function readSigners(pem: string): readonly Uint8Array[] {
  try {
    return parsePemChain(pem).map(({ der }) => der);
  } catch (cause) {
    throw invalid('signers', cause);
  }
}

const invalid = (field: string, cause?: unknown): AttestationError =>
  new AttestationError('ATTESTATION_PROVIDER_INVALID', `${field} is missing or not valid.`, {
    field,
    cause,
  });
