import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { startServiceProcess } from '@touchstone/service-process';
import { openLocalCa } from '@touchstone/tls';

export interface AzuriteOptions {
  /** Folder of the local certificate authority. */
  readonly tlsFolder: string;
  /** Folder for its certificate and key. */
  readonly folder: string;
}

/** A storage account on this machine. */
export interface Azurite {
  /** `https://localhost:<port>/<account>`. */
  readonly url: string;
  readonly account: string;
  /** Base64, drawn for this run. */
  readonly accountKey: string;
  stop(): Promise<void>;
}

const ACCOUNT = 'touchstone';
const KEY_BYTES = 64;
const PRIVATE_FILE = 0o600;
const READY = /successfully listens on https:\/\/[^:]+:(\d+)/;

/** Starts Azurite's blob service on a free port, over TLS; blobs are kept in memory. Throws ServiceProcessError, TlsError. */
export async function startAzurite(options: AzuriteOptions): Promise<Azurite> {
  const accountKey = randomBytes(KEY_BYTES).toString('base64');
  const { cert, key } = await certificateFiles(options);
  const { url, stop } = await startServiceProcess({
    name: 'Azurite',
    entry: createRequire(__filename).resolve('azurite/dist/src/blob/main.js'),
    args: [
      '--inMemoryPersistence',
      '--silent',
      '--disableTelemetry',
      // Clients speak newer versions of the wire than Azurite; what is used of it here has not changed.
      '--skipApiVersionCheck',
      ...['--blobPort', '0', '--cert', cert, '--key', key],
    ],
    env: { AZURITE_ACCOUNTS: `${ACCOUNT}:${accountKey}` },
    urlIn: (line) => {
      const port = READY.exec(line)?.[1];
      return port === undefined ? undefined : `https://localhost:${port}/${ACCOUNT}`;
    },
  });
  return { url, account: ACCOUNT, accountKey, stop };
}

async function certificateFiles({ tlsFolder, folder }: AzuriteOptions) {
  await mkdir(folder, { recursive: true });
  const ca = await openLocalCa(folder, tlsFolder);
  const identity = await ca.certificateFor({ service: 'storage' });
  const [cert, key] = [path.join(folder, 'cert.pem'), path.join(folder, 'key.pem')];
  await writeFile(cert, identity.cert);
  await writeFile(key, identity.key, { mode: PRIVATE_FILE });
  return { cert, key };
}
