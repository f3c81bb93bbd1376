// Bundles the workspace's own enclaves, each into the one file that is measured.
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { bundleEnclave } from '../libs/adapters/enclave-build/src/index.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const enclavesFolder = path.join(root, 'libs/enclaves');

/** Builds every enclave of the workspace into `<target>/<name>/enclave.js` and `enclave.json`; answers with the names. */
export async function buildEnclaves(target) {
  const entries = await readdir(enclavesFolder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  for (const name of names) {
    const { code, manifest } = await bundleEnclave(path.join(enclavesFolder, name));
    const folder = path.join(target, name);
    await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, 'enclave.js'), code);
    await writeFile(path.join(folder, 'enclave.json'), manifest);
  }
  return names;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const target = process.argv[2] ?? path.join(root, 'dist/enclaves');
  console.log(`${target}: ${(await buildEnclaves(target)).join(', ')}`);
}
