import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { createEnclaveHostClient, type EnclaveHostClient } from '@touchstone/enclave-rpc';
import { CodedError } from '@touchstone/errors';
import { serviceUrl, type Endpoints } from '@touchstone/server-ecosystem';
import { startServiceProcess } from '@touchstone/service-process';

/** There is no such machine, and none can be started. */
export class MachineError extends CodedError<'MACHINE_UNAVAILABLE'> {}

/** A simulated SGX machine: a processor of its own behind an enclave host. */
export interface Machine {
  readonly name: string;
  readonly url: string;
  readonly host: EnclaveHostClient;
  close(): Promise<void>;
}

export interface MachineOptions {
  /** `oldest`: a processor that never got a security update. */
  readonly tcb?: 'newest' | 'oldest';
  /** Further variables of the enclave host. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface OpenMachineOptions extends MachineOptions {
  readonly name: string;
  readonly endpoints: Endpoints;
  /** PEM. */
  readonly ca: string;
  /** State folder of the machine. */
  readonly home: string;
  /** State folder of the ecosystem, which holds the factory's token. */
  readonly ecosystemHome: string;
  /** Bundle of the enclave host. */
  readonly entry: string;
}

/** Connects to the machine that the endpoints name, or else starts an enclave host as a process of its own. */
export async function openMachine(options: OpenMachineOptions): Promise<Machine> {
  const { name, endpoints, ca } = options;
  const known = endpoints.services[`enclave-host-${name}`];
  if (known !== undefined) {
    const host = createEnclaveHostClient({ url: known, ca });
    return { name, url: known, host, close: async () => host.close() };
  }
  const { url, stop } = await startServiceProcess({
    name: `the enclave host of machine ${name}`,
    entry: options.entry,
    env: await machineEnvironment(options),
  });
  const host = createEnclaveHostClient({ url, ca });
  const close = async (): Promise<void> => {
    host.close();
    await stop();
  };
  return { name, url, host, close };
}

async function machineEnvironment(
  options: OpenMachineOptions,
): Promise<Readonly<Record<string, string>>> {
  const { endpoints, home, ecosystemHome, tcb = 'newest', env = {} } = options;
  const token = await factoryToken(ecosystemHome, options.name);
  const attestation = serviceUrl(endpoints, 'attestation-service');
  return {
    TOUCHSTONE_HOME: home,
    TOUCHSTONE_TLS_DIR: path.dirname(endpoints.ca),
    ENCLAVE_HOST_PORT: '0',
    ENCLAVE_HOST_OPERATOR_PORT: '0',
    ENCLAVE_HOST_TCB: tcb,
    ENCLAVE_HOST_INTEL_PCS_URL: serviceUrl(endpoints, 'intel-pcs'),
    ENCLAVE_HOST_MANUFACTURING_TOKEN: token,
    ENCLAVE_HOST_PCK_CACHE_URL: serviceUrl(endpoints, 'pck-cache'),
    ENCLAVE_HOST_ATTESTATION_URLS: ['sharedeus2', 'sharedcus', 'shareduks']
      .map((provider) => `${attestation}/${provider}`)
      .join(','),
    ENCLAVE_HOST_VAULT_URLS: serviceUrl(endpoints, 'key-vault'),
    ENCLAVE_HOST_IDENTITY_URL: serviceUrl(endpoints, 'identity'),
    ENCLAVE_HOST_TENANT: endpoints.tenant,
    ENCLAVE_HOST_CLIENT_ID: endpoints.client.id,
    ENCLAVE_HOST_CLIENT_SECRET: endpoints.client.secret,
    ...env,
  };
}

async function factoryToken(ecosystemHome: string, machine: string): Promise<string> {
  const file = path.join(ecosystemHome, 'manufacturing-token');
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (cause) {
    const message = `machine ${machine} is not among the endpoints, and ${file}, to have one made, cannot be read`;
    throw new MachineError('MACHINE_UNAVAILABLE', message, { field: machine, cause });
  }
}
