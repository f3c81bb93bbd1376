import { toHex } from '@touchstone/bytes';
import { configIdOf } from '@touchstone/enclave-sdk';
import {
  createPartyClient,
  encodeConfiguration,
  type Configuration,
  type PartyClient,
} from '@touchstone/enclave-secret-sharing';
import type { ReleasedEnclave } from '@touchstone/server-enclave-host';
import type { Machine } from '../frame/machine';
import { asked } from '../frame/refused';

/** One enclave of the exchange. What it refuses fails with `Refused`. */
export interface Party extends PartyClient {
  /** As steps name it. */
  readonly name: string;
  readonly machine: Machine;
  readonly enclaveId: string;
  readonly mrEnclave: string;
  readonly mrSigner: string;
  /** CONFIGID, hex. */
  readonly configId: string;
  terminate(): Promise<void>;
}

export interface PartyOptions {
  readonly name: string;
  readonly machine: Machine;
  readonly enclave: ReleasedEnclave;
  readonly configuration: Configuration;
  readonly debug?: boolean;
}

/** Loads an enclave for a configuration: its SHA-512 is the CONFIGID that the processor puts into every report. */
export async function loadParty(options: PartyOptions): Promise<Party> {
  const { name, machine, enclave, configuration, debug = false } = options;
  const configId = configIdOf(encodeConfiguration(configuration));
  const { host } = machine;
  const { id: enclaveId } = await host.loadEnclave({ bundle: enclave.bundle, debug, configId });
  const client = createPartyClient(async (ecall, payload) => {
    const request = { enclaveId, name: ecall, payload, deadlineMilliseconds: 0 };
    return (await asked(name, host.callEnclave(request))).payload;
  });
  await client.configure(configuration);
  return {
    ...client,
    name,
    machine,
    enclaveId,
    mrEnclave: toHex(enclave.mrEnclave),
    mrSigner: toHex(enclave.mrSigner),
    configId: toHex(configId),
    terminate: async () => {
      await host.terminateEnclave({ enclaveId });
    },
  };
}
