import { equal, fromUtf8, sha256 } from '@touchstone/bytes';
import { IdentityError } from './identity-error';

/** A client of a tenant, with its service principal there. */
export interface Application {
  /** Application (client) id: a GUID. */
  readonly clientId: string;
  /** Any of these opens it. */
  readonly secrets: readonly string[];
  /** Object id of its service principal: a GUID. */
  readonly objectId: string;
  /** App roles that its tokens carry. */
  readonly roles?: readonly string[];
}

export interface Tenant {
  /** A GUID. */
  readonly id: string;
  /** Verified domain names, which may stand in place of the id. */
  readonly domains?: readonly string[];
  readonly applications: readonly Application[];
}

/** The names under which a tenant-less client asks; metadata answers for them with a placeholder. */
export const SHARED_TENANTS = ['common', 'organizations'] as const;
export const MAX_TENANTS = 1_000;
export const MAX_APPLICATIONS = 1_000;

const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Tenants and applications, found by what callers call them. */
export interface Directory {
  /** By id or domain, in any case; IDENTITY_TENANT_UNKNOWN. */
  tenant(name: string): Tenant;
  /** IDENTITY_CLIENT_UNKNOWN. */
  application(tenant: Tenant, clientId: string): Application;
}

/** Throws IDENTITY_DIRECTORY_INVALID when ids are not GUIDs or stand twice, and IDENTITY_NO_TENANT when there is none. */
export function createDirectory(tenants: readonly Tenant[]): Directory {
  if (tenants.length === 0)
    throw new IdentityError('IDENTITY_NO_TENANT', 'no tenant is configured');
  if (tenants.length > MAX_TENANTS) throw invalid('tenants', 'there are too many tenants');
  const byName = new Map<string, Tenant>();
  for (const tenant of tenants) {
    assertTenant(tenant);
    for (const name of [tenant.id, ...(tenant.domains ?? [])]) {
      if (byName.has(name.toLowerCase())) throw invalid(name, 'two tenants have the same name');
      byName.set(name.toLowerCase(), tenant);
    }
  }
  return {
    tenant: (name) => {
      const tenant = byName.get(name.toLowerCase());
      if (tenant !== undefined) return tenant;
      throw new IdentityError('IDENTITY_TENANT_UNKNOWN', 'there is no such tenant', {
        field: quotable(name),
      });
    },
    application: (tenant, clientId) => {
      const wanted = clientId.toLowerCase();
      const found = tenant.applications.find((application) => application.clientId === wanted);
      if (found !== undefined) return found;
      throw new IdentityError('IDENTITY_CLIENT_UNKNOWN', 'the tenant has no such application', {
        field: quotable(clientId),
      });
    },
  };
}

/** Compared by digest, all of them, so that time tells nothing about any secret. */
export function opensWith(application: Application, secret: string): boolean {
  const given = sha256(fromUtf8(secret));
  let found = false;
  for (const kept of application.secrets) found = equal(given, sha256(fromUtf8(kept))) || found;
  return found;
}

export const isGuid = (text: string): boolean => GUID.test(text);

function assertTenant({ id, applications }: Tenant): void {
  if (!isGuid(id)) throw invalid(id, 'a tenant id must be a lower-case GUID');
  if (applications.length > MAX_APPLICATIONS)
    throw invalid(id, 'the tenant has too many applications');
  const seen = new Set<string>();
  for (const { clientId, objectId, secrets } of applications) {
    if (!isGuid(clientId) || !isGuid(objectId))
      throw invalid(clientId, 'ids must be lower-case GUIDs');
    if (secrets.some((secret) => secret === ''))
      throw invalid(clientId, 'a secret must not be empty');
    if (seen.has(clientId)) throw invalid(clientId, 'the application stands twice');
    seen.add(clientId);
  }
}

const MAX_QUOTED = 100;
const quotable = (name: string): string => name.replace(/[^\w.:/-]/g, '?').slice(0, MAX_QUOTED);

const invalid = (field: string, message: string): IdentityError =>
  new IdentityError('IDENTITY_DIRECTORY_INVALID', message, { field });
