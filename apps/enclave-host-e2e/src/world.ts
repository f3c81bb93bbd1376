import { execFile } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { fromUtf8 } from '@touchstone/bytes';
import { createImage, manifestToJson, parseManifest, signEnclave } from '@touchstone/enclave';
import type { EnclaveManifest } from '@touchstone/enclave';
import { createEnclaveHostClient } from '@touchstone/enclave-rpc';
import type { EnclaveBundle, EnclaveHostClient } from '@touchstone/enclave-rpc';
import { createHttpClient } from '@touchstone/http-client';
import type { HttpClient } from '@touchstone/http-client';
import { silentLogger, systemClock, systemRandom } from '@touchstone/runtime';
import { startAttestationService } from '@touchstone/server-attestation';
import { startEnclaveHost } from '@touchstone/server-enclave-host';
import type { EnclaveHostStartOptions, RunningEnclaveHost } from '@touchstone/server-enclave-host';
import { startIdentity } from '@touchstone/server-identity';
import { startIntelPcs } from '@touchstone/server-intel-pcs';
import { startKeyVault } from '@touchstone/server-key-vault';
import { startPckCache } from '@touchstone/server-pck-cache';
import {
  DEVELOPMENT_CLIENT_ID,
  DEVELOPMENT_CLIENT_SECRET,
  DEVELOPMENT_TENANT_ID,
} from '@touchstone/service-identity';
import { loadKek, openLocalCa } from '@touchstone/tls';
import type { LocalCa } from '@touchstone/tls';

const WORKSPACE = path.resolve(__dirname, '../../..');

/** An enclave host among real neighbours, each in this process on a port of its own, all over TLS. */
export interface World {
  readonly home: string;
  readonly ca: LocalCa;
  readonly http: HttpClient;
  readonly intelPcsUrl: string;
  readonly pckCacheUrl: string;
  /** With a provider's name. */
  readonly attestationUrl: string;
  readonly vaultUrl: string;
  readonly identityUrl: string;
  /** PEM of the simulated root. */
  readonly rootPem: string;
  readonly enclavesFolder: string;
  readonly host: RunningEnclaveHost;
  readonly client: EnclaveHostClient;
  /** Another host, such as one with a state folder of its own. */
  startHost(changes: Partial<EnclaveHostStartOptions>): Promise<RunningEnclaveHost>;
  connect(url: string): EnclaveHostClient;
  close(): Promise<void>;
}

export async function openWorld(): Promise<World> {
  const closing: (() => Promise<void> | void)[] = [];
  const home = await mkdtemp(path.join(tmpdir(), 'touchstone-enclave-host-'));
  closing.push(() => rm(home, { recursive: true, force: true }));
  const enclavesFolder = path.join(home, 'enclaves');
  await promisify(execFile)(process.execPath, [
    path.join(WORKSPACE, 'tools/build-enclave.mjs'),
    enclavesFolder,
  ]);
  const ca = await openLocalCa(home);
  const kek = await loadKek({ home });
  const http = createHttpClient({ ca: ca.pem });
  closing.push(() => http.close());
  const shared = {
    home,
    host: '127.0.0.1',
    port: 0,
    clock: systemClock({}),
    logger: silentLogger,
    random: systemRandom,
    tls: ca,
    kek,
    http,
  };
  const keep = <Running extends { close(): Promise<void> }>(running: Running): Running => {
    closing.push(() => running.close());
    return running;
  };
  const pcs = keep(await startIntelPcs(shared));
  const identity = keep(await startIdentity(shared));
  const cache = keep(
    await startPckCache({
      ...shared,
      upstreamUrl: pcs.url,
      rootCrlUrl: `${pcs.url}/IntelSGXRootCA.der`,
    }),
  );
  const attestation = keep(
    await startAttestationService({
      ...shared,
      pckCacheUrl: cache.url,
      identity: { authority: identity.url, tenant: DEVELOPMENT_TENANT_ID },
      simulatedRoot: fromUtf8(pcs.rootPem),
    }),
  );
  const vault = keep(
    await startKeyVault({
      ...shared,
      identity: { authority: identity.url, tenant: DEVELOPMENT_TENANT_ID },
    }),
  );
  const attestationUrl = `${attestation.url}/sharedeus2`;
  const startHost = async (changes: Partial<EnclaveHostStartOptions>) =>
    keep(
      await startEnclaveHost({
        ...shared,
        intelPcs: { url: pcs.url, manufacturingToken: pcs.manufacturingToken },
        pckCacheUrl: cache.url,
        attestationUrls: [attestationUrl],
        vaultUrls: [vault.url],
        identity: {
          authority: identity.url,
          tenant: DEVELOPMENT_TENANT_ID,
          clientId: DEVELOPMENT_CLIENT_ID,
          secret: DEVELOPMENT_CLIENT_SECRET,
        },
        enclavesFolder,
        ...changes,
      }),
    );
  const connect = (url: string): EnclaveHostClient => {
    const client = createEnclaveHostClient({ url, ca: ca.pem });
    closing.push(() => client.close());
    return client;
  };
  const host = await startHost({ operatorPort: 0 });
  return {
    home,
    ca,
    http,
    intelPcsUrl: pcs.url,
    pckCacheUrl: cache.url,
    attestationUrl,
    vaultUrl: vault.url,
    identityUrl: identity.url,
    rootPem: pcs.rootPem,
    enclavesFolder,
    host,
    client: connect(host.url),
    startHost,
    connect,
    close: async () => {
      for (const close of closing.reverse()) await close();
    },
  };
}

/** Somebody who signs enclaves, with a key that was made for this. */
export class Author {
  readonly #key: Uint8Array;

  constructor() {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 3072, publicExponent: 3 });
    this.#key = new Uint8Array(privateKey.export({ format: 'der', type: 'pkcs8' }));
  }

  sign(code: Uint8Array, manifest: EnclaveManifest): EnclaveBundle {
    const image = createImage(manifest, code);
    return {
      name: manifest.name,
      code,
      manifest: fromUtf8(manifestToJson(manifest)),
      sigstruct: signEnclave(image, this.#key, new Date()),
    };
  }

  /** An enclave whose ECALLs are the members of this JavaScript object literal. */
  write(ecalls: string, changes: Partial<EnclaveManifest> = {}): EnclaveBundle {
    const manifest = {
      name: 'written',
      productId: 9,
      svn: 2,
      debug: false,
      heapPages: 4096,
      threads: 2,
      attributes: [],
      ...changes,
    };
    return this.sign(fromUtf8(`'use strict'; exports.ecalls = {${ecalls}};`), manifest);
  }
}

export async function readTrainer(
  folder: string,
): Promise<{ code: Uint8Array; manifest: EnclaveManifest }> {
  const text = await readFile(path.join(folder, 'trainer/enclave.json'), 'utf8');
  const code = new Uint8Array(await readFile(path.join(folder, 'trainer/enclave.js')));
  return { code, manifest: parseManifest(text) };
}

export async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}
