import { fromHex, fromUtf8, toHex, toUtf8 } from '@touchstone/bytes';
import { signedEnclaveFromJson, signedEnclaveToJson } from '@touchstone/enclave';
import type { Clock, Random, SigningKeyStore } from '@touchstone/ports';
import { EnclaveHostError } from './enclave-host-error';
import type { ManufacturedProcessor, Manufacturer } from './ports';

/** What is fused into this host's processor, and what came with it. */
export interface OwnedProcessor extends ManufacturedProcessor {
  /** 16 bytes, drawn here: the manufacturer never sees them. */
  readonly rootSealKey: Uint8Array;
  /** 16 bytes. */
  readonly ownerEpoch: Uint8Array;
}

export interface ProcessorOptions {
  readonly keys: SigningKeyStore;
  readonly manufacturer: Manufacturer;
  /** Name of the model to be made on first start. */
  readonly model: string;
  readonly clock: Clock;
  readonly random: Random;
}

const RECORD = 'processor';
const FUSE_BYTES = 16;

/**
 * The processor of this host: the kept one, or on first start a new one. All of it is one sealed record, so that half a
 * processor cannot exist; of several replicas that start at once, all get the first one's.
 */
export async function openProcessor(options: ProcessorOptions): Promise<OwnedProcessor> {
  const kept = await keptProcessor(options.keys);
  if (kept !== undefined) return kept;
  const { keys, manufacturer, model, clock, random } = options;
  const made = {
    ...(await manufacturer.make(model)),
    rootSealKey: random.bytes(FUSE_BYTES),
    ownerEpoch: random.bytes(FUSE_BYTES),
  };
  const outcome = await keys.add({
    id: RECORD,
    purpose: RECORD,
    privateKey: encode(made),
    certificates: [],
    createdAt: clock.now(),
  });
  return outcome === 'inserted' ? made : ((await keptProcessor(keys)) ?? made);
}

async function keptProcessor(keys: SigningKeyStore): Promise<OwnedProcessor | undefined> {
  const [record] = await keys.list(RECORD);
  return record && decode(record.privateKey);
}

function encode(processor: OwnedProcessor): Uint8Array {
  const {
    model,
    rootProvisioningKey,
    rootSealKey,
    ownerEpoch,
    cpuSvn,
    vendorMrSigner,
    architectural,
  } = processor;
  return fromUtf8(
    JSON.stringify({
      model,
      rootProvisioningKey: toHex(rootProvisioningKey),
      rootSealKey: toHex(rootSealKey),
      ownerEpoch: toHex(ownerEpoch),
      cpuSvn: toHex(cpuSvn),
      vendorMrSigner: toHex(vendorMrSigner),
      qe: signedEnclaveToJson(architectural.qe),
      pce: signedEnclaveToJson(architectural.pce),
    }),
  );
}

function decode(bytes: Uint8Array): OwnedProcessor {
  try {
    const value = JSON.parse(toUtf8(bytes)) as Record<string, unknown>;
    const hex = (name: string): Uint8Array => fromHex(String(value[name]), name);
    return {
      model: String(value['model']),
      rootProvisioningKey: hex('rootProvisioningKey'),
      rootSealKey: hex('rootSealKey'),
      ownerEpoch: hex('ownerEpoch'),
      cpuSvn: hex('cpuSvn'),
      vendorMrSigner: hex('vendorMrSigner'),
      architectural: {
        qe: signedEnclaveFromJson(value['qe']),
        pce: signedEnclaveFromJson(value['pce']),
      },
    };
  } catch {
    // Without the cause, which could quote a key.
    throw new EnclaveHostError('HOST_PROCESSOR_UNREADABLE', 'the kept processor cannot be read');
  }
}
