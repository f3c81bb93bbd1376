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
  /** Address and port to listen at; a free port of this machine unless given. */
  readonly host?: string;
  readonly port?: number;
  /** Host names in the certificate beside `localhost` and `storage`. */
  readonly dnsNames?: readonly string[];
  /** Base64; drawn for this run unless given. */
  readonly accountKey?: string;
}

/** A storage account on this machine. */
export interface Azurite {
  /** `https://localhost:<port>/<account>`. */
  readonly url: string;
  readonly account: string;
  /** Base64. */
  readonly accountKey: string;
  stop(): Promise<void>;
}

const ACCOUNT = 'touchstone';
const KEY_BYTES = 64;
const PRIVATE_FILE = 0o600;
const READY = /successfully listens on https:\/\/[^:]+:(\d+)/;

/** Starts Azurite's blob service on a free port, over TLS; blobs are kept in memory. Throws ServiceProcessError, TlsError. */
export async function startAzurite(options: AzuriteOptions): Promise<Azurite> {
  const { host = '127.0.0.1', port = 0 } = options;
  const accountKey = options.accountKey ?? randomBytes(KEY_BYTES).toString('base64');
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
      // Under any host name, the account is the first part of the path.
      '--disableProductStyleUrl',
      ...['--blobHost', host, '--blobPort', `${port}`, '--cert', cert, '--key', key],
    ],
    env: { AZURITE_ACCOUNTS: `${ACCOUNT}:${accountKey}` },
    urlIn: (line) => {
      const listening = READY.exec(line)?.[1];
      return listening === undefined ? undefined : `https://localhost:${listening}/${ACCOUNT}`;
    },
  });
  return { url, account: ACCOUNT, accountKey, stop };
}

async function certificateFiles({ tlsFolder, folder, dnsNames = [] }: AzuriteOptions) {
  await mkdir(folder, { recursive: true });
  const ca = await openLocalCa(folder, tlsFolder);
  const identity = await ca.certificateFor({ service: 'storage', dnsNames });
  const [cert, key] = [path.join(folder, 'cert.pem'), path.join(folder, 'key.pem')];
  await writeFile(cert, identity.cert);
  await writeFile(key, identity.key, { mode: PRIVATE_FILE });
  return { cert, key };
}
