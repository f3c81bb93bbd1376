// What the npm scripts run: installs the workspace if need be, bundles the app that is asked for, and starts it.
// Only Node's own modules may be imported before the install.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';

const packagesIn = (file) => JSON.parse(readFileSync(path.join(root, file), 'utf8')).packages;

/** Whether what npm last installed is what the lock file names; packages for other platforms may be absent. */
function isInstalled() {
  if (!existsSync(path.join(root, 'node_modules/.package-lock.json'))) return false;
  const installed = packagesIn('node_modules/.package-lock.json');
  return Object.entries(packagesIn('package-lock.json')).every(
    ([where, { version, link, optional }]) => {
      if (!where.startsWith('node_modules/')) return true;
      if (installed[where] === undefined) return optional === true;
      return link === true || installed[where].version === version;
    },
  );
}

/** Installs what is not installed yet. Everything goes to stderr: stdout is for answers. */
function installIfNeeded() {
  if (isInstalled()) return;
  console.error('touchstone: installing what the lock file names (once, about a minute) …');
  const started = Date.now();
  const { status } = spawnSync(npm, ['ci', '--no-fund', '--no-audit'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
  if (status !== 0) {
    console.error('touchstone: npm ci failed; its output is above.');
    process.exit(1);
  }
  console.error(`touchstone: installed in ${Math.round((Date.now() - started) / 1000)} s`);
}

/** Runs a child to its end with the terminal handed through; signals reach it by themselves. */
function run(command, args, env = {}) {
  const child = spawn(command, args, {
    cwd: process.env.INIT_CWD ?? root,
    stdio: 'inherit',
    env: { ...process.env, ...env },
  });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
}

/** Bundles the apps and the enclaves, then starts the first app. */
async function runApp([name, ...others], args) {
  const [{ buildApp }, { buildEnclaves }] = await Promise.all([
    import('./build.mjs'),
    import('./build-enclave.mjs'),
  ]);
  const enclaves = path.join(root, 'dist/enclaves');
  const [entry] = await Promise.all([
    buildApp(name),
    ...others.map((other) => buildApp(other)),
    buildEnclaves(enclaves),
  ]);
  run(process.execPath, ['--enable-source-maps', entry, ...args], {
    INIT_CWD: process.env.INIT_CWD ?? process.cwd(),
    TOUCHSTONE_ENCLAVES: enclaves,
  });
}

const [task, ...args] = process.argv.slice(2);
const tasks = {
  demo: () => runApp(['cli', 'ecosystem'], ['demo', ...args]),
  touchstone: () => runApp(['cli'], args),
  ecosystem: () => runApp(['ecosystem'], args),
  scenario: () => runApp(['scenarios', 'ecosystem', 'enclave-host', 'key-vault'], args),
  bench: () => runApp(['bench'], args),
  fuzz: () => runApp(['fuzz'], args),
  test: () => run(process.execPath, [path.join(root, 'tools/check.mjs'), ...args]),
  evidence: () => run(process.execPath, [path.join(root, 'tools/evidence.mjs'), ...args]),
};

const start = tasks[task];
if (start === undefined) {
  console.error(`usage: node tools/start.mjs ${Object.keys(tasks).join('|')} [arguments]`);
  process.exit(2);
}
installIfNeeded();
await start();
