// Bundles apps into dist/apps/<name>/main.cjs. `--standalone` also copies what a bundle cannot hold beside it,
// so that the folder runs on a machine without this repository.
import { cp, mkdir, readFile, realpath, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

// Native binaries, packages that read their own files at run time, and the demo's large data set.
// gRPC's core is among them because two of those need the very same copy of it.
const externals = [
  'libsql',
  'pg-native',
  '@grpc/grpc-js',
  '@grpc/reflection',
  'grpc-health-check',
  '@azure/storage-blob',
  'azurite',
  'mnist',
  'esbuild',
];

/** Bundles one app, into a folder of its own among `apps`; answers the path of its entry point. */
export async function buildApp(
  name,
  { standalone = false, apps = path.join(root, 'dist/apps') } = {},
) {
  const { build } = await import('esbuild');
  const folder = path.join(apps, name);
  const outfile = path.join(folder, 'main.cjs');
  await build({
    absWorkingDir: root,
    entryPoints: [`apps/${name}/src/main.ts`],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    sourcemap: 'linked',
    external: externals,
    logLevel: 'warning',
  });
  await cp(path.join(root, 'protos'), path.join(folder, 'protos'), { recursive: true });
  if (standalone) await copyExternals(outfile, folder);
  return outfile;
}

async function copyExternals(outfile, folder) {
  const text = await readFile(outfile, 'utf8');
  const used = externals.filter(
    (name) => text.includes(`("${name}")`) || text.includes(`("${name}/`),
  );
  const modules = path.join(folder, 'node_modules');
  await rm(modules, { recursive: true, force: true });
  const done = new Set();
  for (const name of used) await copyPackage(name, root, modules, done);
}

/** Copies a package and what it depends on, flat; optional ones only where they are installed. */
async function copyPackage(name, from, modules, done) {
  if (done.has(name)) return;
  done.add(name);
  const source = findPackage(name, from);
  if (source === undefined) return;
  await mkdir(path.dirname(path.join(modules, name)), { recursive: true });
  await cp(source, path.join(modules, name), { recursive: true, dereference: true });
  const manifest = JSON.parse(await readFile(path.join(source, 'package.json'), 'utf8'));
  const wanted = {
    ...manifest.dependencies,
    ...manifest.optionalDependencies,
    ...manifest.peerDependencies,
  };
  const found = await realpath(source);
  for (const dependency of Object.keys(wanted)) await copyPackage(dependency, found, modules, done);
}

function findPackage(name, from) {
  const paths = createRequire(path.join(from, 'package.json')).resolve.paths(name) ?? [];
  return paths
    .map((folder) => path.join(folder, name))
    .find((folder) => existsSync(path.join(folder, 'package.json')));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const names = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
  const standalone = process.argv.includes('--standalone');
  for (const name of names) console.log(path.relative(root, await buildApp(name, { standalone })));
}
