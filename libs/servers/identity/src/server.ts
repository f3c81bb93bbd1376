import type { Express, Request, RequestHandler } from 'express';
import { CodedError } from '@touchstone/errors';
import {
  createApp,
  formBody,
  handler,
  headerValue,
  pathValue,
  queryValue,
  resource,
  SMALL_BODY_BYTES,
  type AppOptions,
} from '@touchstone/http';
import type { IdentityService, TokenGrant } from '@touchstone/service-identity';
import { identityDialect } from './error-table';
import { instanceDiscovery, openIdConfiguration, type EndpointVersion } from './metadata';
import { originOf, type OriginOptions } from './origins';
import { readTokenRequest } from './token-form';

/** Every path, on one screen. */
export const IDENTITY_PATHS = {
  instanceDiscovery: '/common/discovery/instance',
  metadata: {
    v1: '/:tenant/.well-known/openid-configuration',
    v2: '/:tenant/v2.0/.well-known/openid-configuration',
  },
  keys: { v1: '/:tenant/discovery/keys', v2: '/:tenant/discovery/v2.0/keys' },
  token: { v1: '/:tenant/oauth2/token', v2: '/:tenant/oauth2/v2.0/token' },
} as const;

export interface IdentityServerOptions
  extends OriginOptions, Pick<AppOptions, 'logger' | 'metrics' | 'clock' | 'random' | 'ready'> {}

class InstanceError extends CodedError<'INSTANCE_INVALID'> {}

/** The authority as an Express app. It never listens. */
export function createIdentityServer(
  service: IdentityService,
  options: IdentityServerOptions,
): Express {
  return createApp({
    ...options,
    service: 'identity',
    requestId: 'azure',
    errors: identityDialect(options.clock),
    routes: (app) => {
      resource(app, IDENTITY_PATHS.instanceDiscovery, { get: discovery(options) });
      for (const version of ['v1', 'v2'] as const) {
        resource(app, IDENTITY_PATHS.metadata[version], {
          get: metadata(service, options, version),
        });
        resource(app, IDENTITY_PATHS.keys[version], { get: keys(service) });
        resource(app, IDENTITY_PATHS.token[version], {
          post: [formBody(SMALL_BODY_BYTES), token(service, options, version)],
        });
      }
    },
  });
}

function metadata(
  service: IdentityService,
  origins: OriginOptions,
  version: EndpointVersion,
): RequestHandler {
  return handler((request, response) => {
    const origin = originOf(request, origins);
    const name = pathValue(request, 'tenant');
    const tenantId = service.tenant(name)?.id;
    response.json(
      openIdConfiguration({
        origin,
        tenantId,
        tenantPath: tenantId ?? name.toLowerCase(),
        version,
      }),
    );
  });
}

function keys(service: IdentityService): RequestHandler {
  return handler(async (request, response) => {
    const issuer = issuerOfKeys(service.tenant(pathValue(request, 'tenant'))?.id);
    const published = await service.keys();
    response.json({ keys: published.map((key) => ({ ...key, issuer })) });
  });
}

const issuerOfKeys = (tenantId = '{tenantid}'): string =>
  `https://login.microsoftonline.com/${tenantId}/v2.0`;

function token(
  service: IdentityService,
  origins: OriginOptions,
  version: EndpointVersion,
): RequestHandler {
  return handler(async (request, response) => {
    const authority = originOf(request, origins);
    const form = request.body as ReadonlyMap<string, string>;
    const grant = await service.token({
      tenant: pathValue(request, 'tenant'),
      authority,
      ...readTokenRequest(form, headerValue(request, 'authorization'), version),
    });
    // RFC 6749 section 5.1
    response.set({ 'cache-control': 'no-store, no-cache', pragma: 'no-cache' });
    response.json(version === 'v2' ? answerV2(grant) : answerV1(grant));
  });
}

const answerV2 = ({ accessToken, expiresIn }: TokenGrant) => ({
  token_type: 'Bearer',
  expires_in: expiresIn,
  ext_expires_in: expiresIn,
  access_token: accessToken,
});

/** All values are strings on this endpoint. */
const answerV1 = ({ accessToken, expiresIn, expiresOn, notBefore, resource: uri }: TokenGrant) => ({
  token_type: 'Bearer',
  expires_in: String(expiresIn),
  ext_expires_in: String(expiresIn),
  expires_on: String(expiresOn),
  not_before: String(notBefore),
  resource: uri,
  access_token: accessToken,
});

function discovery(origins: OriginOptions): RequestHandler {
  return handler((request, response) => {
    originOf(request, origins);
    const authority = askedAuthority(request, origins);
    const [, tenant = 'common'] = authority.pathname.split('/');
    response.json(instanceDiscovery(authority, tenant));
  });
}

/** Only authorities that we are answer for themselves. */
function askedAuthority(request: Request, { names, origins }: OriginOptions): URL {
  const asked = queryValue(request, 'authorization_endpoint') ?? '';
  if (URL.canParse(asked)) {
    const url = new URL(asked);
    const ours = names.includes(url.hostname) || origins.includes(url.origin);
    if (url.protocol === 'https:' && ours) return url;
  }
  throw new InstanceError('INSTANCE_INVALID', 'the instance is not known', {
    field: 'authorization_endpoint',
  });
}
