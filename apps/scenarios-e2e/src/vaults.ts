import path from 'node:path';
import type { Endpoints } from '@touchstone/server-ecosystem';
import { startServiceProcess } from '@touchstone/service-process';

/** Each with a key vault to itself. */
export const VAULT_OWNERS = ['hospital-a', 'hospital-b', 'hospital-c'];

/** A service of its own beside an ecosystem. */
export interface OwnVault {
  /** As endpoints name it. */
  readonly name: string;
  readonly url: string;
  stop(): Promise<void>;
}

/** The vaults of the hospitals, as they would run in a container each. `entry` is the bundle of the key vault. */
export const startVaults = (
  home: string,
  entry: string,
  endpoints: Endpoints,
): Promise<readonly OwnVault[]> =>
  Promise.all(VAULT_OWNERS.map((owner) => startVault(home, entry, endpoints, owner)));

async function startVault(
  home: string,
  entry: string,
  { ca, services, tenant, operatorToken }: Endpoints,
  owner: string,
): Promise<OwnVault> {
  const name = `key-vault-${owner}`;
  const { url, stop } = await startServiceProcess({
    name,
    entry,
    env: {
      TOUCHSTONE_HOME: path.join(home, name),
      TOUCHSTONE_TLS_DIR: path.dirname(ca),
      TOUCHSTONE_OPERATOR_TOKEN: operatorToken,
      KEY_VAULT_PORT: '0',
      KEY_VAULT_NAMES: owner,
      KEY_VAULT_IDENTITY_URL: services['identity'] ?? '',
      KEY_VAULT_TENANT: tenant,
    },
  });
  return { name, url, stop };
}
