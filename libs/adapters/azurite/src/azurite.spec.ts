import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createBlobOwner, createBlobReader } from '@touchstone/blob-client';
import { startAzurite, type Azurite } from '.';

let folder: string;
let azurite: Azurite;
let ca: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'touchstone-azurite-'));
  const tlsFolder = path.join(folder, 'tls');
  azurite = await startAzurite({ tlsFolder, folder: path.join(folder, 'storage') });
  ca = await readFile(path.join(tlsFolder, 'ca.pem'), 'utf8');
});
afterAll(async () => {
  await azurite.stop();
  await rm(folder, { recursive: true });
});

const SIGNAL = new AbortController().signal;
const TOMORROW = new Date(Date.now() + 86_400_000);
const bytes = new Uint8Array(3 * 1024 * 1024).fill(7);
const owner = () => createBlobOwner({ ...azurite, accountUrl: azurite.url, ca });

describe('Azurite, with the official client', () => {
  it('keeps a blob of several blocks, for whoever was given its address', async () => {
    const storage = await owner();
    await storage.upload('shared', 'data.bin', bytes);
    const url = await storage.readableUrl('shared', 'data.bin', TOMORROW);
    const reader = createBlobReader({ ca, maxBytes: bytes.length });
    expect(await reader.download(url, SIGNAL)).toEqual(bytes);
  });

  it('refuses who was not', async () => {
    const url = await (await owner()).upload('shared', 'closed.bin', bytes.subarray(0, 9));
    const reading = createBlobReader({ ca, maxBytes: bytes.length }).download(url, SIGNAL);
    await expect(reading).rejects.toMatchObject({ code: 'STORAGE_REFUSED' });
  });

  it('refuses an address that has expired', async () => {
    const storage = await owner();
    await storage.upload('shared', 'late.bin', bytes.subarray(0, 9));
    const url = await storage.readableUrl('shared', 'late.bin', new Date(Date.now() - 60_000));
    const reading = createBlobReader({ ca, maxBytes: bytes.length }).download(url, SIGNAL);
    await expect(reading).rejects.toMatchObject({
      code: 'STORAGE_REFUSED',
      refusal: { status: 403, code: 'AuthorizationFailure' },
    });
  });
});
