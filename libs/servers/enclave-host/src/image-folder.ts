import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { ImageSource } from '@touchstone/service-enclave-host';

/** The images of a folder, none when there is no such folder; as `tools/build-enclave.mjs` leaves them: `<name>/enclave.js` and `<name>/enclave.json`. */
export async function readImages(folder: string): Promise<readonly ImageSource[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(noneIfAbsent);
  const folders = entries.filter((entry) => entry.isDirectory());
  const names = folders.map((entry) => entry.name).sort();
  return Promise.all(
    names.map(async (name) => ({
      code: new Uint8Array(await readFile(path.join(folder, name, 'enclave.js'))),
      manifest: await readFile(path.join(folder, name, 'enclave.json'), 'utf8'),
    })),
  );
}

function noneIfAbsent(error: unknown): [] {
  if (typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT') {
    return [];
  }
  throw error;
}
