import { isGuid, type Tenant } from './directory';
import { IdentityError } from './identity-error';

/** Resources of Azure that have tokens of version 1 made out to their URI. */
export const AZURE_RESOURCES = [
  'https://attest.azure.net',
  'https://vault.azure.net',
  'https://managedhsm.azure.net',
  'https://management.azure.com',
  'https://management.core.windows.net',
  'https://graph.microsoft.com',
] as const;

/** What a token is made out to. */
export interface Audience {
  readonly audience: string;
  readonly version: '1.0' | '2.0';
}

const DEFAULT_SUFFIX = '/.default';
const MAX_SCOPE_CHARACTERS = 1_000;

/**
 * The resource of a client-credentials scope: exactly one `/.default` is taken away, and what is left is the resource
 * as the caller wrote it, a double slash included. IDENTITY_SCOPE_INVALID.
 */
export function resourceOfScope(scope: string): string {
  const single = scope.length <= MAX_SCOPE_CHARACTERS && !/\s/.test(scope.trim());
  const name = scope.trim();
  if (single && name.endsWith(DEFAULT_SUFFIX) && name.length > DEFAULT_SUFFIX.length) {
    return name.slice(0, -DEFAULT_SUFFIX.length);
  }
  throw new IdentityError(
    'IDENTITY_SCOPE_INVALID',
    'the scope must be one resource with /.default',
    {
      field: 'scope',
    },
  );
}

/**
 * Azure's resources, and those given, keep their URI as audience. An application of the tenant, by client id or
 * `api://` and client id, has tokens of version 2 made out to its client id. IDENTITY_RESOURCE_UNKNOWN.
 */
export function audienceFor(
  resource: string,
  tenant: Tenant,
  further: readonly string[],
): Audience {
  const bare = resource.replace(/\/$/, '');
  const uris: readonly string[] = [...AZURE_RESOURCES, ...further];
  if (uris.includes(bare)) return { audience: resource, version: '1.0' };
  const clientId = bare.replace(/^api:\/\//, '').toLowerCase();
  const own = isGuid(clientId) && tenant.applications.some((one) => one.clientId === clientId);
  if (own) return { audience: clientId, version: '2.0' };
  throw new IdentityError('IDENTITY_RESOURCE_UNKNOWN', 'the tenant has no such resource', {
    field: 'resource',
  });
}
