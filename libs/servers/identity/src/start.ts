import { listen } from '@touchstone/http';
import { createMetrics, isLoopback, type Running, type ServiceStart } from '@touchstone/runtime';
import {
  createIdentityService,
  DEVELOPMENT_TENANT,
  DEVELOPMENT_TENANT_ID,
  IdentityError,
  type Tenant,
} from '@touchstone/service-identity';
import { openServiceStore } from '@touchstone/store';
import type { LocalCa } from '@touchstone/tls';
import { MICROSOFT_NAMES } from './origins';
import { createIdentityServer } from './server';

export const SERVICE_NAME = 'identity';

export interface IdentityOptions extends ServiceStart {
  readonly tls: LocalCa;
  readonly kek: Uint8Array;
  /** Tenants beside the development tenant. */
  readonly tenants?: readonly Tenant[];
  /** Resource URIs beside Azure's own. */
  readonly resources?: readonly string[];
  /** Host names beside `localhost`, `identity` and Entra ID's own. */
  readonly names?: readonly string[];
  /** Whole origins that callers may use, such as a published port. */
  readonly origins?: readonly string[];
  /** Serves the well-known credentials on an address that others can reach. */
  readonly allowDevelopmentCredentials?: boolean;
}

const LOCAL_NAMES = ['localhost', '127.0.0.1', '[::1]'];

/** Opens the store, makes the signing key when there is none, and listens. */
export async function startIdentity(
  options: IdentityOptions,
): Promise<Running & { readonly port: number }> {
  const { home, host, port, clock, logger, random, kek, databaseUrl } = options;
  const tenants = admittedTenants(options);
  const names = [SERVICE_NAME, ...MICROSOFT_NAMES, ...(options.names ?? [])];
  const [store, tls] = await Promise.all([
    openServiceStore({
      service: SERVICE_NAME,
      home,
      kek,
      logger,
      ...(databaseUrl !== undefined && { databaseUrl }),
    }),
    options.tls.certificateFor({ service: SERVICE_NAME, dnsNames: names }),
  ]);
  try {
    const service = createIdentityService({
      tenants,
      signingKeys: store.signingKeys,
      clock,
      random,
      ...(options.resources !== undefined && { resources: options.resources }),
    });
    const app = createIdentityServer(service, {
      names: [...LOCAL_NAMES, ...names],
      origins: options.origins ?? [],
      logger,
      metrics: createMetrics(SERVICE_NAME),
      clock,
      random,
      ready: () => store.ping(),
    });
    await service.keys();
    const listening = await listen({ app, host, port, tls, logger });
    return {
      url: listening.url,
      port: listening.port,
      close: async () => {
        await listening.close();
        await store.close();
      },
    };
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** The well-known secret is no secret: it opens nothing where others could use it. */
function admittedTenants(options: IdentityOptions): readonly Tenant[] {
  const { host, logger, tenants = [], allowDevelopmentCredentials = false } = options;
  if (isLoopback(host) || allowDevelopmentCredentials) return [DEVELOPMENT_TENANT, ...tenants];
  if (tenants.length === 0) {
    throw new IdentityError(
      'IDENTITY_NO_TENANT',
      'the development tenant is refused on an address that others can reach, and no other tenant is configured',
      { field: 'TOUCHSTONE_ALLOW_DEVELOPMENT_CREDENTIALS' },
    );
  }
  logger.warn('the development tenant is refused on this address', {
    host,
    tenant: DEVELOPMENT_TENANT_ID,
  });
  return tenants;
}
