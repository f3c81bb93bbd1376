import type { Clock, Random, SigningKeyStore } from '@touchstone/ports';
import { issueAccessToken, TOKEN_LIFETIME_SECONDS } from './access-token';
import {
  createDirectory,
  opensWith,
  SHARED_TENANTS,
  type Application,
  type Tenant,
} from './directory';
import { IdentityError } from './identity-error';
import { audienceFor, resourceOfScope } from './resources';
import { loadIdentityKeys, type IdentityKeys, type PublishedKey } from './signing-key';

export interface IdentityServiceOptions {
  readonly tenants: readonly Tenant[];
  /** URIs that tokens may be made out to beside Azure's own. */
  readonly resources?: readonly string[];
  readonly signingKeys: SigningKeyStore;
  readonly clock: Clock;
  readonly random: Random;
}

/** A client-credentials request (RFC 6749 section 4.4), its transport taken away. Absent parameters are `undefined`. */
export interface TokenRequest {
  /** As it stands in the path. */
  readonly tenant: string;
  /** Origin under which the caller reached this authority. */
  readonly authority: string;
  readonly grantType: string | undefined;
  readonly clientId: string | undefined;
  readonly clientSecret: string | undefined;
  readonly clientAssertion: string | undefined;
  /** The v1 endpoint names a resource, the v2 endpoint a scope. */
  readonly target:
    { readonly resource: string | undefined } | { readonly scope: string | undefined };
}

export interface TokenGrant {
  readonly accessToken: string;
  /** The resource as it was asked for. */
  readonly resource: string;
  readonly expiresIn: number;
  /** Seconds since 1970. */
  readonly expiresOn: number;
  readonly notBefore: number;
}

export interface IdentityService {
  /** The tenant of a metadata request; `undefined` for `common` and `organizations`. IDENTITY_TENANT_UNKNOWN. */
  tenant(name: string): Tenant | undefined;
  keys(): Promise<readonly PublishedKey[]>;
  token(request: TokenRequest): Promise<TokenGrant>;
}

export function createIdentityService(options: IdentityServiceOptions): IdentityService {
  const { clock, random, signingKeys, resources = [] } = options;
  const directory = createDirectory(options.tenants);
  let keys: Promise<IdentityKeys> | undefined;

  const loadKeys = (): Promise<IdentityKeys> => {
    keys ??= loadIdentityKeys({ store: signingKeys, clock, random }).catch((error: unknown) => {
      // The next request tries again.
      keys = undefined;
      throw error;
    });
    return keys;
  };

  return {
    tenant: (name) => (isShared(name) ? undefined : directory.tenant(name)),
    keys: async () => (await loadKeys()).published,
    token: async (request) => {
      if (isShared(request.tenant)) {
        throw new IdentityError('IDENTITY_TENANT_MISSING', 'a client needs a tenant of its own', {
          field: 'tenant',
        });
      }
      const tenant = directory.tenant(request.tenant);
      const application = authenticate(request, (clientId) =>
        directory.application(tenant, clientId),
      );
      const resource = targetOf(request);
      const audience = audienceFor(resource, tenant, resources);
      const { signer } = await loadKeys();
      const { authority } = request;
      const issued = issueAccessToken(
        { authority, tenant, application, audience, at: clock.now() },
        signer,
        random,
      );
      const { token: accessToken, expiresOn, notBefore } = issued;
      return { accessToken, resource, expiresIn: TOKEN_LIFETIME_SECONDS - 1, expiresOn, notBefore };
    },
  };
}

const isShared = (name: string): boolean =>
  (SHARED_TENANTS as readonly string[]).includes(name.toLowerCase());

function authenticate(request: TokenRequest, find: (clientId: string) => Application): Application {
  const { grantType, clientId, clientSecret, clientAssertion } = request;
  if (grantType === undefined) throw missing('grant_type');
  if (grantType !== 'client_credentials') {
    throw new IdentityError('IDENTITY_GRANT_UNSUPPORTED', 'only client_credentials is granted', {
      field: 'grant_type',
    });
  }
  if (clientId === undefined) throw missing('client_id');
  const application = find(clientId);
  if (clientAssertion !== undefined) {
    throw new IdentityError(
      'IDENTITY_ASSERTION_UNMATCHED',
      'no certificate or federated identity is registered',
      {
        field: 'client_assertion',
      },
    );
  }
  if (clientSecret === undefined) {
    throw new IdentityError('IDENTITY_CREDENTIAL_MISSING', 'the request carries no credential', {
      field: 'client_secret',
    });
  }
  if (opensWith(application, clientSecret)) return application;
  throw new IdentityError('IDENTITY_SECRET_WRONG', 'the secret is not the one of the application', {
    field: application.clientId,
  });
}

function targetOf({ target }: TokenRequest): string {
  if ('scope' in target) {
    if (target.scope === undefined) throw missing('scope');
    return resourceOfScope(target.scope);
  }
  if (target.resource === undefined) throw missing('resource');
  return target.resource;
}

const missing = (field: string): IdentityError =>
  new IdentityError('IDENTITY_PARAMETER_MISSING', `the parameter ${field} is missing`, { field });
