import { createHash } from 'node:crypto';
import { toHex } from '@touchstone/bytes';
import {
  decodeAttestedKey,
  decodeMessage,
  encodeConfiguration,
  encodeMessage,
  type AttestationOrder,
  type AttestedKey,
  type Configuration,
} from '@touchstone/enclave-secret-sharing';
import type { ReleasedEnclave } from '@touchstone/server-enclave-host';
import type { Machine } from '../frame/machine';
import { asked } from '../frame/refused';

/** One enclave of the exchange, as its host application reaches it. */
export interface Party {
  /** As steps name it. */
  readonly name: string;
  readonly machine: Machine;
  readonly enclaveId: string;
  readonly mrEnclave: string;
  readonly mrSigner: string;
  /** CONFIGID, hex. */
  readonly configId: string;
  /** TARGETINFO, 512 bytes. */
  targetInfo(): Promise<Uint8Array>;
  /** A challenge for its peer's evidence, 32 bytes. */
  challenge(): Promise<Uint8Array>;
  attest(order: AttestationOrder): Promise<AttestedKey>;
  /** Judges a peer's key. Fails with `Refused`. */
  verify(attested: AttestedKey): Promise<Readonly<Record<string, unknown>>>;
  /** Opens a file for its blocks: its number, and its header. */
  openFile(header?: Uint8Array): Promise<{ file: number; header: Uint8Array }>;
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
  const { name, machine, enclave, debug = false } = options;
  const configuration = encodeConfiguration(options.configuration);
  const configId = new Uint8Array(createHash('sha512').update(configuration).digest());
  const { host } = machine;
  const { id: enclaveId } = await host.loadEnclave({ bundle: enclave.bundle, debug, configId });
  const call = async (ecall: string, payload: Uint8Array = new Uint8Array()) => {
    const request = { enclaveId, name: ecall, payload, deadlineMilliseconds: 0 };
    return (await asked(name, host.callEnclave(request))).payload;
  };
  await call('configure', configuration);
  return {
    name,
    machine,
    enclaveId,
    mrEnclave: toHex(enclave.mrEnclave),
    mrSigner: toHex(enclave.mrSigner),
    configId: toHex(configId),
    targetInfo: () => call('target-info'),
    challenge: () => call('challenge'),
    attest: async (order) => decodeAttestedKey(await call('attestation', encodeMessage(order))),
    verify: async (attested) =>
      decodeMessage(await call('verify-attestation', encodeMessage(attested))),
    openFile: async (header) => {
      const order = header === undefined ? { mode: 'encrypt' } : { mode: 'decrypt', header };
      const opened = decodeMessage(await call('open-file', encodeMessage(order)));
      return {
        file: Number(opened['file']),
        header: new Uint8Array(Buffer.from(String(opened['header']), 'base64url')),
      };
    },
    terminate: async () => {
      await host.terminateEnclave({ enclaveId });
    },
  };
}
