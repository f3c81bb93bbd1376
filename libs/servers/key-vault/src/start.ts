import { createBearerVerifier } from '@touchstone/entra-client';
import { listen } from '@touchstone/http';
import type { HttpClient } from '@touchstone/http-client';
import type { Logger } from '@touchstone/ports';
import { createMetrics, isLoopback, type ServiceStart } from '@touchstone/runtime';
import { createAccessControl, createKeyVault } from '@touchstone/service-key-vault';
import type { KeyVault, RoleAssignments } from '@touchstone/service-key-vault';
import { openServiceStore } from '@touchstone/store';
import type { Store } from '@touchstone/store';
import type { LocalCa } from '@touchstone/tls';
import { httpAuthorityDocuments } from './authority-documents';
import { SERVICE_NAME } from './release-route';
import { createKeyVaultServer } from './server';
import { createVaultDirectory } from './vault-directory';
import type { VaultDirectory } from './vault-directory';

/** What the live vaults take tokens for: their two resources, and the application itself in v2 tokens. */
export const DEFAULT_AUDIENCES = [
  'https://vault.azure.net',
  'https://managedhsm.azure.net',
  'cfa8b339-82a2-471a-a3c9-0fc0be7a4093',
];
export const DEFAULT_VAULT_NAMES = ['local'];
export const DEFAULT_REGION = 'local';
const DEFAULT_RESOURCE = 'https://vault.azure.net';

/** Object id of the well-known development client, and what it may do on a machine of its own. */
export const DEVELOPMENT_PRINCIPAL = 'b4a7f2d0-3c77-4c1f-8b2e-6f1f0c8d9e12';
const DEVELOPMENT_ROLES: RoleAssignments = {
  [DEVELOPMENT_PRINCIPAL]: ['Key Vault Crypto Officer', 'Key Vault Crypto Service Release User'],
};

export interface KeyVaultStart extends ServiceStart {
  readonly tls: LocalCa;
  /** 32 bytes, under which keys are encrypted at rest. */
  readonly kek: Uint8Array;
  /** Reaches the token authority and, through its origin map, the attestation services that policies name. */
  readonly http: HttpClient;
  /** The token authority, such as `https://localhost:7001`, and the one tenant whose callers are known. */
  readonly identity: { readonly authority: string; readonly tenant: string };
  /** Each is also called `<name>.vault.azure.net`; the first answers at `https://localhost:<port>`. */
  readonly vaultNames?: readonly string[];
  /** Further host names to vault names. */
  readonly vaultAliases?: Readonly<Record<string, string>>;
  readonly audiences?: readonly string[];
  /** Object ids to roles. Default: the development client, on a loopback address or where it is allowed. */
  readonly roleAssignments?: RoleAssignments;
  readonly allowDevelopmentCredentials?: boolean;
  readonly region?: string;
  /** Opens the decision records over the wire. */
  readonly operatorToken?: string;
}

export interface RunningKeyVault {
  readonly url: string;
  close(): Promise<void>;
}

/** Joins store, service and server, and listens. */
export async function startKeyVault(options: KeyVaultStart): Promise<RunningKeyVault> {
  const { home, kek, logger, databaseUrl } = options;
  const store = await openServiceStore({
    service: SERVICE_NAME,
    home,
    kek,
    logger,
    ...(databaseUrl !== undefined && { databaseUrl }),
  });
  try {
    return await serve(options, store);
  } catch (error) {
    await store.close();
    throw error;
  }
}

async function serve(options: KeyVaultStart, store: Store): Promise<RunningKeyVault> {
  const { host, port, logger, random, clock } = options;
  const directory = createVaultDirectory({
    names: options.vaultNames ?? DEFAULT_VAULT_NAMES,
    aliases: options.vaultAliases ?? {},
  });
  const service = createKeyVault({
    vaultKeys: store.vaultKeys,
    signingKeys: store.signingKeys,
    access: createAccessControl(roleAssignments(options)),
    documents: httpAuthorityDocuments(options.http),
    random,
    clock,
  });
  const app = appOf(options, service, store, directory);
  const tls = await options.tls.certificateFor({
    service: SERVICE_NAME,
    dnsNames: directory.dnsNames,
  });
  const server = await listen({ app, host, port, tls, logger });
  prepareSigner(service, logger);
  return {
    url: server.url,
    close: async () => {
      await server.close();
      // A first start may still be making the signer's keys, and wants to store them.
      await service.ready().catch(() => undefined);
      await store.close();
    },
  };
}

function appOf(options: KeyVaultStart, service: KeyVault, store: Store, directory: VaultDirectory) {
  const { logger, random, clock, http, operatorToken } = options;
  const { authority, tenant } = options.identity;
  return createKeyVaultServer(service, {
    logger,
    metrics: createMetrics(SERVICE_NAME),
    clock,
    random,
    decisions: store.decisions,
    directory,
    bearer: createBearerVerifier({ authority, tenant, http, clock }),
    audiences: options.audiences ?? DEFAULT_AUDIENCES,
    challenge: { authorization: `${authority}/${tenant}`, resource: DEFAULT_RESOURCE },
    region: options.region ?? DEFAULT_REGION,
    ready: async () => {
      await store.ping();
      await service.ready();
    },
    ...(operatorToken !== undefined && { operatorToken }),
  });
}

function roleAssignments(options: KeyVaultStart): RoleAssignments {
  if (options.roleAssignments !== undefined) return options.roleAssignments;
  const allowed = isLoopback(options.host) || options.allowDevelopmentCredentials === true;
  return allowed ? DEVELOPMENT_ROLES : {};
}

/** The signer's keys are made on first use; made now, beside everything else, the first caller need not wait. */
function prepareSigner(service: KeyVault, logger: Logger): void {
  service.ready().catch((error: unknown) => {
    logger.warn('the release signer was not prepared', { error });
  });
}
