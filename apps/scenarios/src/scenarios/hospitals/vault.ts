import path from 'node:path';
import { appEntry, ownerAccount, serviceUrl } from '@touchstone/server-ecosystem';
import type { OwnerAccount } from '@touchstone/data-owner';
import { startServiceProcess } from '@touchstone/service-process';
import type { World } from '../../frame/world';

/** A hospital's own key vault. */
export interface Vault {
  /** As steps name it. */
  readonly name: string;
  readonly url: string;
  readonly account: OwnerAccount;
}

/**
 * A vault in a process of its own, with its own keys and state. Where the endpoints name a service `key-vault-<owner>`, that one is
 * used.
 */
export async function openVault(world: World, owner: string): Promise<Vault> {
  const { endpoints, ca } = world;
  const known = endpoints.services[`key-vault-${owner}`];
  const url = known ?? (await startVault(world, owner));
  const account = { ...ownerAccount(endpoints, ca), vaultUrl: url };
  return { name: `vault of ${owner}`, url, account };
}

async function startVault(world: World, owner: string): Promise<string> {
  const { endpoints, filesFolder } = world;
  const { url, stop } = await startServiceProcess({
    name: `the key vault of ${owner}`,
    entry: appEntry(__dirname, 'key-vault'),
    env: {
      TOUCHSTONE_HOME: path.join(filesFolder, `key-vault-${owner}`),
      TOUCHSTONE_TLS_DIR: path.dirname(endpoints.ca),
      TOUCHSTONE_OPERATOR_TOKEN: endpoints.operatorToken,
      KEY_VAULT_PORT: '0',
      KEY_VAULT_NAMES: owner,
      KEY_VAULT_IDENTITY_URL: serviceUrl(endpoints, 'identity'),
      KEY_VAULT_TENANT: endpoints.tenant,
    },
  });
  world.closeLater(stop);
  return url;
}
