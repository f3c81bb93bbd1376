import { randomBytes } from 'node:crypto';
import { fromUtf8, toBase64Url, toHex } from '@touchstone/bytes';
import { encryptDataset } from '@touchstone/image-classifier';
import type { Dataset } from '@touchstone/image-classifier';
import { createEntraClient } from '@touchstone/entra-client';
import { systemClock, systemRandom } from '@touchstone/runtime';
import {
  DEVELOPMENT_CLIENT_ID,
  DEVELOPMENT_CLIENT_SECRET,
  DEVELOPMENT_TENANT_ID,
} from '@touchstone/service-identity';
import { createVaultClient } from '@touchstone/vault-client';
import type { World } from './world';

const SIDE = 8;
const CLASSES = 4;

/** Noisy 8 x 8 images in four classes, each one a bright quarter. */
export function quarters(training: number, heldOut: number): Dataset {
  const count = training + heldOut;
  const pixels = new Uint8Array(randomBytes(count * SIDE * SIDE)).map((noise) => noise >> 1);
  const labels = Uint8Array.from({ length: count }, (_, i) => i % CLASSES);
  for (let i = 0; i < pixels.length; i++) {
    const place = i % (SIDE * SIDE);
    const quarter = (place < (SIDE * SIDE) / 2 ? 0 : 2) + (place % SIDE < SIDE / 2 ? 0 : 1);
    if (quarter === labels[Math.floor(i / (SIDE * SIDE))]) pixels[i] = (pixels[i] ?? 0) + 100;
  }
  return { rows: SIDE, columns: SIDE, classes: CLASSES, training, pixels, labels };
}

export interface OwnedData {
  readonly dataset: Dataset;
  readonly dataKey: Uint8Array;
  readonly encrypted: Uint8Array;
  /** Versioned URL of the data key in the vault. */
  readonly keyId: string;
}

/** Encrypts a data set, and puts its key into the vault for that one enclave, not debuggable. */
export async function ownData(
  world: World,
  name: string,
  mrEnclave: Uint8Array,
): Promise<OwnedData> {
  const dataset = quarters(400, 100);
  const dataKey = systemRandom.bytes(32);
  const { http, identityUrl: authority, vaultUrl, attestationUrl } = world;
  const entra = createEntraClient({
    authority,
    tenant: DEVELOPMENT_TENANT_ID,
    clientId: DEVELOPMENT_CLIENT_ID,
    secret: DEVELOPMENT_CLIENT_SECRET,
    http,
    clock: systemClock({}),
  });
  const vault = createVaultClient({
    vaultUrl,
    http,
    token: () => entra.token('https://vault.azure.net/.default'),
  });
  const policy = {
    version: '1.0.0',
    anyOf: [
      {
        authority: attestationUrl,
        allOf: [
          { claim: 'x-ms-sgx-is-debuggable', equals: 'false' },
          { claim: 'x-ms-sgx-mrenclave', equals: toHex(mrEnclave) },
        ],
      },
    ],
  };
  const { key } = await vault.importKey(name, {
    key: { kty: 'oct-HSM', k: toBase64Url(dataKey), key_ops: ['encrypt', 'decrypt'] },
    attributes: { exportable: true },
    release_policy: { data: toBase64Url(fromUtf8(JSON.stringify(policy))) },
  });
  const encrypted = encryptDataset(dataset, dataKey, systemRandom);
  return { dataset, dataKey, encrypted, keyId: key.kid };
}
