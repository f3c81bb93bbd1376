import { encodeAddressed } from '@touchstone/enclave-joint-trainer';
import { configIdOf } from '@touchstone/enclave-sdk';
import type { ReleasedEnclave } from '@touchstone/server-enclave-host';
import { askedFor } from '../../frame/explained';
import type { Machine } from '../../frame/machine';
import { asked } from '../../frame/refused';
import type { World } from '../../frame/world';
import type { Hospital } from './hospital';

/** As steps name it. */
export const ENCLAVE = 'joint enclave';
export const SERVICE = 'attestation service';

/** The enclave of a study as its host application reaches it. */
export interface StudyEnclave {
  readonly id: string;
  readonly machine: Machine;
  /** Hands in a hospital's encrypted data. */
  bring(hospital: Hospital): Promise<void>;
  /** Has a hospital's vault release its key. Fails with `Refused`. */
  open(hospital: Hospital): Promise<void>;
  train(): Promise<void>;
  /** The model as that hospital alone can open it. */
  modelFor(hospital: Hospital): Promise<Uint8Array>;
  /** An encrypted answer to an encrypted request. */
  infer(hospital: Hospital, request: Uint8Array): Promise<Uint8Array>;
  /** When the enclave is gone and all that it said was told. */
  terminate(): Promise<void>;
}

export interface StudyEnclaveOptions {
  readonly world: World;
  readonly machine: Machine;
  readonly enclave: ReleasedEnclave;
  readonly plan: Uint8Array;
  readonly debug?: boolean;
  /** Told what the enclave says. */
  readonly onLog?: (text: string) => void;
}

/** Loads the enclave for a plan: its SHA-512 is the CONFIGID that the processor puts into every report. */
export async function loadStudy(options: StudyEnclaveOptions): Promise<StudyEnclave> {
  const { world, machine, enclave, plan, debug = false, onLog = () => undefined } = options;
  const { host } = machine;
  const loaded = await host.loadEnclave({
    bundle: enclave.bundle,
    debug,
    configId: configIdOf(plan),
  });
  const enclaveId = loaded.id;
  const told = follow(options, enclaveId, onLog);
  const call = (name: string, payload: Uint8Array = new Uint8Array()) =>
    asked(ENCLAVE, host.callEnclave({ enclaveId, name, payload, deadlineMilliseconds: 0 }));
  const callFor = (name: string, hospital: Hospital, content?: Uint8Array) =>
    call(name, encodeAddressed(hospital.name, content)).then(({ payload }) => payload);
  let gone = false;
  const terminate = async (): Promise<void> => {
    if (gone) return;
    gone = true;
    await host.terminateEnclave({ enclaveId });
    await told;
  };
  // A host that is gone has taken the enclave with it.
  world.closeLater(() => terminate().catch(() => undefined));
  await call('configure', plan);
  return {
    id: enclaveId,
    machine,
    bring: async (hospital) => void (await callFor('data', hospital, hospital.encrypted)),
    open: async (hospital) => {
      const { name, url } = hospital.vault;
      const payload = encodeAddressed(hospital.name);
      const opening = host.callEnclave({
        enclaveId,
        name: 'open',
        payload,
        deadlineMilliseconds: 0,
      });
      const deciders = { attestation: SERVICE, vault: name, vaultUrl: url };
      await asked(ENCLAVE, askedFor(world, deciders, opening));
    },
    train: async () => void (await call('train')),
    modelFor: (hospital) => callFor('model', hospital),
    infer: (hospital, request) => callFor('infer', hospital, request),
    terminate,
  };
}

/** Until the enclave ends. */
async function follow(
  { machine }: StudyEnclaveOptions,
  enclaveId: string,
  onLog: (text: string) => void,
): Promise<void> {
  try {
    for await (const { kind, text } of machine.host.streamLogs({ enclaveId, onlyNew: false })) {
      if (kind === 'LOG_KIND_LOG') onLog(text);
    }
  } catch {
    // A run that ends early takes its machine away: there is nothing more to be told.
  }
}
