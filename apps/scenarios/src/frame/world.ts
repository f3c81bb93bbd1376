import { mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { createHttpClient, type HttpClient } from '@touchstone/http-client';
import {
  appEntry,
  readEndpoints,
  resolveHome,
  startEcosystemProcess,
  type Endpoints,
} from '@touchstone/server-ecosystem';
import { openMachine, type Machine, type MachineOptions } from './machine';

/** The services and machines that a scenario plays on. */
export interface World {
  readonly endpoints: Endpoints;
  /** PEM of the local certificate authority. */
  readonly ca: string;
  readonly http: HttpClient;
  /** PEM of the simulated root: what the parties of a scenario are told to trust. */
  readonly simulatedRoot: string;
  /** Folder of the built enclaves. */
  readonly enclavesFolder: string;
  /** Folder for the files of a run. */
  readonly filesFolder: string;
  /**
   * A machine with a processor of its own, by name; started when it is first asked for. Where the endpoints name a service
   * `enclave-host-<name>`, that one is used.
   */
  machine(name: string, options?: MachineOptions): Promise<Machine>;
  /** Something else to be closed with the world, after what was opened later. */
  closeLater(close: () => Promise<void> | void): void;
  close(): Promise<void>;
}

export interface WorldOptions {
  /** Folder of this app's bundle. */
  readonly bundleFolder: string;
  /** Use the ecosystem that runs, instead of one of the scenario's own. */
  readonly running: boolean;
  /** State folder: of the running ecosystem, or of the one to be started, which is emptied first. */
  readonly home?: string;
  readonly scenario: string;
  readonly env: NodeJS.ProcessEnv;
}

/** Throws HomeError, ServiceProcessError. */
export async function openWorld(options: WorldOptions): Promise<World> {
  const { bundleFolder, running, scenario, env } = options;
  const home = resolveHome(
    options.home ?? (running ? undefined : path.join('.touchstone', `scenario-${scenario}`)),
    env,
  );
  const closing: (() => Promise<void> | void)[] = [];
  const close = async (): Promise<void> => {
    for (const one of closing.splice(0).reverse()) await one();
  };
  try {
    const endpoints = running
      ? await readEndpoints(home, env)
      : await startOwn(home, bundleFolder, closing);
    const ca = await readFile(endpoints.ca, 'utf8');
    const http = createHttpClient({ ca });
    closing.push(() => http.close());
    const machines = new Map<string, Promise<Machine>>();
    const folder = path.join(home, `scenario-${scenario}`);
    await rm(folder, { recursive: true, force: true });
    const filesFolder = path.join(folder, 'files');
    await mkdir(filesFolder, { recursive: true });
    const machine = (name: string, machineOptions: MachineOptions = {}): Promise<Machine> => {
      const opened =
        machines.get(name) ??
        openMachine({
          name,
          endpoints,
          ca,
          home: path.join(folder, `machine-${name}`),
          ecosystemHome: home,
          entry: appEntry(bundleFolder, 'enclave-host'),
          ...machineOptions,
        }).then((one) => {
          closing.push(() => one.close());
          return one;
        });
      machines.set(name, opened);
      return opened;
    };
    const simulatedRoot = await readFile(endpoints.simulatedRoot, 'utf8');
    const closeLater = (one: () => Promise<void> | void): void => void closing.push(one);
    const enclavesFolder =
      env['TOUCHSTONE_ENCLAVES'] ?? path.resolve(bundleFolder, '../../enclaves');
    return {
      endpoints,
      ca,
      http,
      simulatedRoot,
      enclavesFolder,
      filesFolder,
      machine,
      closeLater,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function startOwn(
  home: string,
  bundleFolder: string,
  closing: (() => Promise<void> | void)[],
): Promise<Endpoints> {
  const { endpoints, stop } = await startEcosystemProcess(
    home,
    appEntry(bundleFolder, 'ecosystem'),
  );
  closing.push(stop);
  return endpoints;
}
