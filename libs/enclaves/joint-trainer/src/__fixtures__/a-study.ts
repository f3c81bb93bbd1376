import { equal, sha256, toUtf8 } from '@touchstone/bytes';
import { createEnclave, EnclaveSdkError, generateRsaKeyPair } from '@touchstone/enclave-sdk';
import type { Enclave } from '@touchstone/enclave-sdk';
import { encryptDataset } from '@touchstone/image-classifier';
import type { Dataset } from '@touchstone/image-classifier';
import { encodeAddressed } from '../addressed';
import { createJointTrainer } from '../enclave/joint-trainer';
import { encodePlan } from '../plan';
import { random } from './random';

const SIDE = 4;
const IMAGE_PIXELS = SIDE * SIDE;
const CLASSES = 3;

/** An image of a class: one bright quarter, by its number. */
export const imageOf = (label: number): Uint8Array =>
  Uint8Array.from({ length: IMAGE_PIXELS }, (_, i) => {
    const quarter = (i < IMAGE_PIXELS / 2 ? 0 : 2) + (i % SIDE < SIDE / 2 ? 0 : 1);
    return quarter === label ? 230 : 20;
  });

/** So many images of each of some classes. */
export function shareOf(classes: readonly number[], each: number): Dataset {
  const labels = Uint8Array.from({ length: classes.length * each }, (_, i) => {
    return classes[i % classes.length] ?? 0;
  });
  const pixels = Uint8Array.from([...labels].flatMap((label) => [...imageOf(label)]));
  return { rows: SIDE, columns: SIDE, classes: CLASSES, training: labels.length, pixels, labels };
}

export interface Owner {
  readonly name: string;
  readonly keyId: string;
  readonly key: Uint8Array;
  readonly encrypted: Uint8Array;
}

export function anOwner(name: string, share: Dataset): Owner {
  const key = random.bytes(32);
  const keyId = `https://${name}.test/keys/data`;
  return { name, keyId, key, encrypted: encryptDataset(share, key, random) };
}

export const planOf = (owners: readonly Owner[]): Uint8Array =>
  encodePlan({
    attestationUrl: 'https://attestation.test',
    participants: owners.map(({ name, keyId, encrypted }) => ({
      name,
      keyId,
      dataSha256: sha256(encrypted),
    })),
  });

const keyPair = generateRsaKeyPair(2048);

/** A joint trainer that was loaded for the plan of these owners, and vaults that release to it unless they refuse. */
export function aStudy(owners: readonly Owner[], refusing: readonly string[] = []) {
  const logged: string[] = [];
  const plan = planOf(owners);
  const enclave: Enclave = {
    ...createEnclave({
      ocall: async (name, payload) => {
        if (name === 'log') logged.push(toUtf8(payload));
        return name === 'quote' ? payload : new Uint8Array(name === 'qe-target-info' ? 512 : 0);
      },
      report: (_targetInfo, reportData) => reportData,
      getKey: () => new Uint8Array(16),
      yield: async () => undefined,
    }),
    verifyConfiguration: (bytes) => {
      if (equal(bytes, plan)) return;
      throw new EnclaveSdkError('CONFIGURATION_MISMATCH', 'another configuration');
    },
  };
  const ecalls = createJointTrainer({
    keyPair,
    random,
    obtain: async (_enclave, { keyId, attestationUrl }) => {
      const owner = owners.find((one) => one.keyId === keyId);
      if (owner === undefined || refusing.includes(owner.name)) throw new Error('Forbidden');
      if (attestationUrl !== 'https://attestation.test') throw new Error('another provider');
      return owner.key.slice();
    },
  });
  type Name = keyof typeof ecalls;
  const enter = (name: Name, payload: Uint8Array = new Uint8Array()): Promise<Uint8Array> =>
    ecalls[name](payload, enclave);
  const enterFor = (name: Name, who: string, content?: Uint8Array): Promise<Uint8Array> =>
    enter(name, encodeAddressed(who, content));
  const fill = async (): Promise<void> => {
    await enter('configure', plan);
    for (const { name, encrypted } of owners) await enterFor('data', name, encrypted);
  };
  const finish = async (): Promise<void> => {
    await fill();
    for (const { name } of owners) await enterFor('open', name);
    await enter('train');
  };
  return { enter, enterFor, fill, finish, logged, plan };
}
