// Plain JavaScript, because the tools that make the workspace's own enclaves run before anything is bundled.
import { access, readFile } from 'node:fs/promises';
import path from 'node:path';

export const MANIFEST_FILE = 'enclave.json';
export const ENTRY_POINTS = ['src/enclave/main.ts', 'main.ts', 'main.js'];

const fault = (code, message, cause) => Object.assign(new Error(message, { cause }), { code });

export async function bundleEnclave(folder, { nodePaths = [] } = {}) {
  const manifest = await readFile(path.join(folder, MANIFEST_FILE), 'utf8').catch((cause) => {
    throw fault('ENCLAVE_FOLDER_INVALID', `${folder} has no ${MANIFEST_FILE}`, cause);
  });
  const entry = await entryOf(folder);
  const { build } = await import('esbuild');
  const { outputFiles, metafile } = await build({
    ...OPTIONS,
    absWorkingDir: path.resolve(folder),
    entryPoints: [entry],
    nodePaths,
  }).catch((cause) => {
    throw fault('ENCLAVE_BUILD_FAILED', reasonOf(cause), cause);
  });
  return { code: new Uint8Array(outputFiles[0].contents), manifest, imports: importsOf(metafile) };
}

/** Nothing of the machine that builds goes in: the output is minified, so that no path is in it, and `tsconfig` is not read. */
const OPTIONS = {
  bundle: true,
  write: false,
  metafile: true,
  outfile: 'enclave.js',
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
  logLevel: 'silent',
};

async function entryOf(folder) {
  for (const entry of ENTRY_POINTS) {
    const found = await access(path.join(folder, entry)).then(
      () => true,
      () => false,
    );
    if (found) return entry;
  }
  throw fault('ENCLAVE_FOLDER_INVALID', `${folder} has none of ${ENTRY_POINTS.join(', ')}`);
}

/** Modules that the code asks for when it runs. */
const importsOf = ({ outputs }) => [
  ...new Set(
    Object.values(outputs).flatMap(({ imports }) =>
      imports.filter(({ external }) => external).map(({ path: name }) => name),
    ),
  ),
];

function reasonOf(cause) {
  const [first] = cause?.errors ?? [];
  if (first === undefined) return String(cause);
  const { file, line } = first.location ?? {};
  return file === undefined ? first.text : `${file}:${line}: ${first.text}`;
}
