// Bundles an enclave's folder into the one file that is measured. The same sources give the same bytes on any machine: the
// bundler is pinned by the lock file, output is minified so that no path of this machine is in it, and nothing else goes in.
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const enclavesFolder = path.join(root, 'libs/enclaves');

/** An enclave's folder to its code, one CommonJS text, and the text of its manifest. */
export async function buildEnclave(folder) {
  const { build } = await import('esbuild');
  const manifest = await readFile(path.join(folder, 'enclave.json'), 'utf8');
  const { outputFiles } = await build({
    absWorkingDir: path.resolve(folder),
    entryPoints: ['src/enclave/main.ts'],
    bundle: true,
    write: false,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    minify: true,
    sourcemap: false,
    legalComments: 'none',
    // An error quotes the line that it arose in.
    lineLimit: 160,
    charset: 'utf8',
    // A fixed text in place of what differs by where esbuild finds it.
    tsconfigRaw: '{}',
    logLevel: 'warning',
  });
  return { code: new Uint8Array(outputFiles[0].contents), manifest };
}

/** Builds every enclave of the workspace into `<target>/<name>/enclave.js` and `enclave.json`; answers with the names. */
export async function buildEnclaves(target) {
  const entries = await readdir(enclavesFolder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  for (const name of names) {
    const { code, manifest } = await buildEnclave(path.join(enclavesFolder, name));
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
