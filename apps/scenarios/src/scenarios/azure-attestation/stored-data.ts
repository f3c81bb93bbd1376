import { randomBytes } from 'node:crypto';
import { fromUtf8, sha256, toHex } from '@touchstone/bytes';
import { releasePolicyFor, storeDataKey } from '@touchstone/data-owner';
import { decodeMessage, encryptStoredData } from '@touchstone/enclave-secret-sharing';
import { DATA_KEY_BYTES } from '@touchstone/encrypted-data';
import type { ReleasedEnclave } from '@touchstone/server-enclave-host';
import { ownerAccount } from '@touchstone/server-ecosystem';
import type { Party } from '../../exchange/party';
import { asked } from '../../frame/refused';
import type { Stage } from '../../frame/scenario';
import type { StorageAccount } from '../../storage/storage-account';
import { CLIENT } from './relying-client';

const STORED_BYTES = 2 * 1024 * 1024 + 123;
const ADDRESS_MINUTES = 10;
const CONTAINER = 'shared-data';
const BLOB = 'training-set.bin';
const KEY_NAME = 'scenario3-data-key';

/**
 * The guide's further step: the client need not be there any more. Its key waits in the vault, its data encrypted in Azure Storage;
 * the server's enclave pulls both, and has them only because it is attested.
 */
export async function shareStoredData(
  { world, narrator, check }: Stage,
  server: Party,
  enclave: ReleasedEnclave,
  provider: string,
  storage: StorageAccount,
): Promise<void> {
  const random = { bytes: (length: number) => Uint8Array.from(randomBytes(length)) };
  const [key, data] = [random.bytes(DATA_KEY_BYTES), random.bytes(STORED_BYTES)];
  const keyId = await storeDataKey(ownerAccount(world.endpoints, world.ca), {
    name: KEY_NAME,
    key,
    releasePolicy: releasePolicyFor(enclave, provider),
  });
  narrator.step(CLIENT, 'puts an AES-256 key into the key vault, with a release policy', {
    client: '@azure/keyvault-keys, unmodified',
    key: keyId,
    policy: `authority, mrenclave, mrsigner, svn >= ${enclave.svn}, not debuggable`,
  });
  const blob = await storage.owner.upload(CONTAINER, BLOB, encryptStoredData(key, data, random));
  const expires = new Date(Date.now() + ADDRESS_MINUTES * 60_000);
  const blobUrl = await storage.owner.readableUrl(CONTAINER, BLOB, expires);
  narrator.step(
    CLIENT,
    'encrypts its data and uploads it to Azure Storage',
    { client: '@azure/storage-blob, unmodified', blob, bytes: data.length },
    'The server gets an address that lets it read the blob, for ten minutes; what it reads there opens for the enclave alone.',
  );
  const told = decodeMessage(await openStoredData(server, { keyId, blobUrl, provider }));
  narrator.step(
    server.name,
    'has itself attested, gets the key, pulls the blob and decrypts it inside',
    { bytes: Number(told['bytes']), sha256: String(told['sha256']) },
    'The host carried quote, token, wrapped key and blob, and could read none of what matters.',
  );
  const expected = toHex(sha256(data));
  check({
    name: 'the enclave opened the stored data, whole',
    ok: told['sha256'] === expected,
    read: String(told['sha256']),
    expected,
  });
}

async function openStoredData(
  { name, machine, enclaveId }: Party,
  order: { keyId: string; blobUrl: string; provider: string },
): Promise<Uint8Array> {
  const { keyId, blobUrl, provider: attestationUrl } = order;
  const answer = await asked(
    name,
    machine.host.callEnclave({
      enclaveId,
      name: 'open-stored-data',
      payload: fromUtf8(JSON.stringify({ keyId, blobUrl, attestationUrl })),
      deadlineMilliseconds: 0,
    }),
  );
  return answer.payload;
}
