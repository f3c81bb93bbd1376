import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { createBlobOwner, type BlobOwner } from '@touchstone/blob-client';
import { startServiceProcess } from '@touchstone/service-process';
import { openLocalCa } from '@touchstone/tls';
import type { World } from '../frame/world';

/** A storage account, and its owner. */
export interface StorageAccount {
  /** `https://<host>/<account>`: what an enclave host has to be told of. */
  readonly url: string;
  readonly owner: BlobOwner;
}

const ACCOUNT = 'touchstone';
const KEY_BYTES = 64;
const PRIVATE_FILE = 0o600;
const READY = /successfully listens on https:\/\/[^:]+:(\d+)/;

/**
 * Azure Storage as Azurite has it, in a process of its own, over TLS under the local authority; blobs are kept in memory. Where the
 * endpoints name a service `storage` (an account's URL), that one is used, with the key in `TOUCHSTONE_STORAGE_KEY`.
 */
export async function openStorageAccount(
  world: World,
  env: NodeJS.ProcessEnv,
): Promise<StorageAccount> {
  const known = world.endpoints.services['storage'];
  if (known !== undefined) {
    const accountKey = env['TOUCHSTONE_STORAGE_KEY'] ?? '';
    return accountAt(known, path.posix.basename(new URL(known).pathname), accountKey, world);
  }
  const accountKey = randomBytes(KEY_BYTES).toString('base64');
  const { cert, key } = await certificateFiles(world);
  const { url, stop } = await startServiceProcess({
    name: 'Azurite',
    entry: createRequire(path.join(world.bundleFolder, 'main.cjs')).resolve(
      'azurite/dist/src/blob/main.js',
    ),
    args: [
      '--inMemoryPersistence',
      '--silent',
      '--disableTelemetry',
      // The client speaks a newer version of the wire than Azurite; what is used of it here has not changed.
      '--skipApiVersionCheck',
      ...['--blobPort', '0', '--cert', cert, '--key', key],
    ],
    env: { AZURITE_ACCOUNTS: `${ACCOUNT}:${accountKey}` },
    urlIn: (line) => {
      const port = READY.exec(line)?.[1];
      return port === undefined ? undefined : `https://localhost:${port}/${ACCOUNT}`;
    },
  });
  world.closeLater(stop);
  return accountAt(url, ACCOUNT, accountKey, world);
}

async function accountAt(
  url: string,
  account: string,
  accountKey: string,
  { ca }: World,
): Promise<StorageAccount> {
  return { url, owner: await createBlobOwner({ accountUrl: url, account, accountKey, ca }) };
}

async function certificateFiles(world: World): Promise<{ cert: string; key: string }> {
  const folder = path.join(world.filesFolder, 'storage');
  await mkdir(folder, { recursive: true });
  const ca = await openLocalCa(folder, path.dirname(world.endpoints.ca));
  const identity = await ca.certificateFor({ service: 'storage' });
  const [cert, key] = [path.join(folder, 'cert.pem'), path.join(folder, 'key.pem')];
  await writeFile(cert, identity.cert);
  await writeFile(key, identity.key, { mode: PRIVATE_FILE });
  return { cert, key };
}
