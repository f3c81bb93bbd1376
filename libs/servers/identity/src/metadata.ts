import { issuerV1, issuerV2 } from '@touchstone/service-identity';
import { MICROSOFT_NAMES } from './origins';

export type EndpointVersion = 'v1' | 'v2';

/** Stands for the tenant in documents that are not of one tenant. */
const TENANT_PLACEHOLDER = '{tenantid}';

interface MetadataRequest {
  readonly origin: string;
  /** The tenant as it stands in the path. */
  readonly tenantPath: string;
  /** `undefined` for `common` and `organizations`. */
  readonly tenantId: string | undefined;
  readonly version: EndpointVersion;
}

/** OpenID Connect Discovery 1.0 section 3, with the members that Entra ID adds. */
export function openIdConfiguration(request: MetadataRequest): Record<string, unknown> {
  const { origin, tenantPath, tenantId = TENANT_PLACEHOLDER, version } = request;
  const base = `${origin}/${tenantPath}`;
  const protocol = `${base}/oauth2${version === 'v2' ? '/v2.0' : ''}`;
  return {
    issuer: version === 'v2' ? issuerV2(origin, tenantId) : issuerV1(tenantId),
    authorization_endpoint: `${protocol}/authorize`,
    token_endpoint: `${protocol}/token`,
    jwks_uri: version === 'v2' ? `${base}/discovery/v2.0/keys` : `${origin}/common/discovery/keys`,
    token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic'],
    grant_types_supported: ['client_credentials'],
    response_types_supported: ['code', 'id_token', 'code id_token', 'id_token token'],
    response_modes_supported: ['query', 'fragment', 'form_post'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
    claims_supported: ['sub', 'iss', 'aud', 'exp', 'iat', 'nbf', 'tid', 'oid', 'ver'],
    tenant_region_scope: 'WW',
    cloud_instance_name: new URL(origin).host,
  };
}

/** What a client is told that asks whether it may trust an authority, and under which names it is known. */
export function instanceDiscovery(authority: URL, tenant: string): Record<string, unknown> {
  const { host } = authority;
  const microsoft = (MICROSOFT_NAMES as readonly string[]).includes(host);
  return {
    tenant_discovery_endpoint: `https://${host}/${tenant}/v2.0/.well-known/openid-configuration`,
    'api-version': '1.1',
    metadata: [
      microsoft
        ? {
            preferred_network: 'login.microsoftonline.com',
            preferred_cache: 'login.windows.net',
            aliases: MICROSOFT_NAMES,
          }
        : { preferred_network: host, preferred_cache: host, aliases: [host] },
    ],
  };
}
