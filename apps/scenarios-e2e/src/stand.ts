import { execFile, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { startAzurite } from '@touchstone/azurite';
import type { Endpoints } from '@touchstone/server-ecosystem';
import { startServiceProcess, type ServiceProcess } from '@touchstone/service-process';
import { startVaults, type OwnVault } from './vaults';

const WORKSPACE = path.resolve(__dirname, '../../..');
/** Inside the repository, for what stays outside a bundle is found from there; of our own, so that nobody else writes to it. */
const FOLDER = path.join(WORKSPACE, 'dist/scenarios-e2e');

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Stand {
  /** `npm run scenario -- <args>`, in a state folder of its own. */
  alone(...args: readonly string[]): Promise<Ran>;
  /** The same on services and machines that run all the while, as they do in containers. */
  running(...args: readonly string[]): Promise<Ran>;
  close(): Promise<void>;
}

/** The apps as they are in this checkout, bundled as every start bundles them; an ecosystem, and machines by name. */
export async function openStand(): Promise<Stand> {
  await build();
  const home = await mkdtemp(path.join(tmpdir(), 'touchstone-scenarios-'));
  const shared = path.join(home, 'shared');
  const ecosystem = await startServiceProcess({
    name: 'the ecosystem',
    entry: entry('ecosystem'),
    args: ['--home', shared, '--ports', 'ephemeral'],
  });
  const endpoints = JSON.parse(
    await readFile(path.join(shared, 'endpoints.json'), 'utf8'),
  ) as Endpoints;
  const storage = await startAzurite({
    tlsFolder: path.dirname(endpoints.ca),
    folder: path.join(home, 'storage'),
  });
  const vaults = await startVaults(home, entry('key-vault'), endpoints);
  const machines = await Promise.all(
    Object.entries(machinesFor(endpoints, storage.url, vaults)).map(async ([name, env]) => {
      const machine = await startMachine(path.join(home, name), shared, endpoints, env);
      return { ...machine, name: `enclave-host-${name}` };
    }),
  );
  const known = path.join(home, 'endpoints.json');
  const added = Object.fromEntries([...machines, ...vaults].map(({ name, url }) => [name, url]));
  const services = { ...endpoints.services, ...added, storage: storage.url };
  await writeFile(known, JSON.stringify({ ...endpoints, services }));
  return {
    alone: (...args) => run([...args, '--home', path.join(home, 'alone')]),
    running: (...args) =>
      run([...args, '--running', '--home', path.join(home, 'running')], {
        TOUCHSTONE_ENDPOINTS: known,
        TOUCHSTONE_STORAGE_KEY: storage.accountKey,
      }),
    close: async () => {
      await Promise.all([...machines, ...vaults].map(({ stop }) => stop()));
      await storage.stop();
      await ecosystem.stop();
      await rm(home, { recursive: true, force: true });
    },
  };
}

type Machines = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** The machines of the scenarios, and those of the man in the middle. */
const machinesFor = (
  { services }: Endpoints,
  storageUrl: string,
  vaults: readonly OwnVault[],
): Machines => ({
  a: {},
  b: { ENCLAVE_HOST_SECRET_SHARING: 'remote' },
  server: {
    ENCLAVE_HOST_SECRET_SHARING: 'azure',
    ENCLAVE_HOST_ATTESTATION_URLS: `${services['attestation-service'] ?? ''}/scenario3`,
    ENCLAVE_HOST_STORAGE_URLS: storageUrl,
  },
  study: {
    ENCLAVE_HOST_ATTESTATION_URLS: `${services['attestation-service'] ?? ''}/hospitals`,
    ENCLAVE_HOST_VAULT_URLS: vaults.map(({ url }) => url).join(','),
  },
  stale: { ENCLAVE_HOST_TCB: 'oldest' },
  elsewhere: {},
});

/** A machine beside an ecosystem, with a state folder and so a processor of its own. */
async function startMachine(
  home: string,
  ecosystem: string,
  { ca, services }: Endpoints,
  env: Readonly<Record<string, string>>,
): Promise<ServiceProcess> {
  const url = (name: string): string => services[name] ?? '';
  const token = await readFile(path.join(ecosystem, 'manufacturing-token'), 'utf8');
  return startServiceProcess({
    name: home,
    entry: entry('enclave-host'),
    env: {
      TOUCHSTONE_HOME: home,
      TOUCHSTONE_TLS_DIR: path.dirname(ca),
      ENCLAVE_HOST_PORT: '0',
      ENCLAVE_HOST_OPERATOR_PORT: '0',
      ENCLAVE_HOST_MANUFACTURING_TOKEN: token.trim(),
      ENCLAVE_HOST_INTEL_PCS_URL: url('intel-pcs'),
      ENCLAVE_HOST_PCK_CACHE_URL: url('pck-cache'),
      ENCLAVE_HOST_IDENTITY_URL: url('identity'),
      ENCLAVE_HOST_VAULT_URLS: url('key-vault'),
      ENCLAVE_HOST_ATTESTATION_URLS: `${url('attestation-service')}/sharedeus2`,
      ...env,
    },
  });
}

const entry = (app: string): string => path.join(FOLDER, 'apps', app, 'main.cjs');

async function build(): Promise<void> {
  const url = (tool: string): string => JSON.stringify(path.join(WORKSPACE, 'tools', tool));
  const script = `
    import { buildApp } from ${url('build.mjs')};
    import { buildEnclaves } from ${url('build-enclave.mjs')};
    const apps = ${JSON.stringify(path.join(FOLDER, 'apps'))};
    await Promise.all([
      buildApp('scenarios', { apps }),
      buildApp('ecosystem', { apps }),
      buildApp('enclave-host', { apps }),
      buildApp('key-vault', { apps }),
      buildEnclaves(${JSON.stringify(path.join(FOLDER, 'enclaves'))}),
    ]);`;
  await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
    cwd: WORKSPACE,
  });
}

/** Without anything of the tests' own environment. */
function run(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [entry('scenarios'), ...args], {
      cwd: WORKSPACE,
      env: {
        PATH: process.env['PATH'],
        TOUCHSTONE_ENCLAVES: path.join(FOLDER, 'enclaves'),
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const out = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out.stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (out.stderr += text));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, ...out }));
  });
}
