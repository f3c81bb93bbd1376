import path from 'node:path';
import { startAzurite } from '@touchstone/azurite';
import { createBlobOwner, type BlobOwner } from '@touchstone/blob-client';
import type { World } from '../frame/world';

/** A storage account, and its owner. */
export interface StorageAccount {
  /** `https://<host>/<account>`: what an enclave host has to be told of. */
  readonly url: string;
  readonly owner: BlobOwner;
}

/**
 * A storage account of this run's own. Where the endpoints name a service `storage` (the URL of an account), that one is used,
 * with its key in `TOUCHSTONE_STORAGE_KEY`.
 */
export async function openStorageAccount(
  world: World,
  env: NodeJS.ProcessEnv,
): Promise<StorageAccount> {
  const known = world.endpoints.services['storage'];
  if (known !== undefined) {
    const account = path.posix.basename(new URL(known).pathname);
    return accountAt(known, account, env['TOUCHSTONE_STORAGE_KEY'] ?? '', world);
  }
  const { url, account, accountKey, stop } = await startAzurite({
    tlsFolder: path.dirname(world.endpoints.ca),
    folder: path.join(world.filesFolder, 'storage'),
  });
  world.closeLater(stop);
  return accountAt(url, account, accountKey, world);
}

const accountAt = async (
  url: string,
  account: string,
  accountKey: string,
  { ca }: World,
): Promise<StorageAccount> => ({
  url,
  owner: await createBlobOwner({ accountUrl: url, account, accountKey, ca }),
});
