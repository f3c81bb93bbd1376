import { randomBytes } from 'node:crypto';
import { sha256 } from '@touchstone/bytes';
import { releasePolicyFor, storeDataKey, type ReviewedEnclave } from '@touchstone/data-owner';
import type { Digits } from '@touchstone/digits';
import {
  decryptAnswer,
  encryptRequest,
  JointTrainerError,
  type Participant,
} from '@touchstone/enclave-joint-trainer';
import { DATA_KEY_BYTES } from '@touchstone/encrypted-data';
import {
  decryptModel,
  encryptDataset,
  heldOutAccuracy,
  train,
  type Dataset,
  type Model,
} from '@touchstone/image-classifier';
import { withHeldOut } from './shares';
import type { Vault } from './vault';

const KEY_NAME = 'patients';
const random = { bytes: (length: number) => Uint8Array.from(randomBytes(length)) };

/** One owner of data. Its data key leaves it for its own vault only. */
export interface Hospital {
  readonly name: string;
  readonly vault: Vault;
  readonly share: Dataset;
  /** What the others are told of it. */
  readonly participant: Participant;
  /** What the host gets to see of its data. */
  readonly encrypted: Uint8Array;
  /** Least SVN of an enclave that may have its data. */
  readonly minimumSvn: number;
  /** Share of the held-out images that a model reads right which was trained on this hospital's images alone. */
  accuracyAlone(heldOut: Digits): Promise<number>;
  /** Puts the data key into its vault, for the enclave that it has reviewed. */
  agree(enclave: ReviewedEnclave, attestationUrl: string): Promise<void>;
  openModel(encrypted: Uint8Array): Model;
  accuracyOf(model: Model, heldOut: Digits): number;
  /** An encrypted question about an image, and what to make of the answer. */
  ask(pixels: Uint8Array): { request: Uint8Array; read(answer: Uint8Array): number };
  /** Whether this hospital can read an answer that was meant for another. */
  canRead(answer: Uint8Array): boolean;
}

export function admitHospital(
  name: string,
  vault: Vault,
  share: Dataset,
  minimumSvn: number,
): Hospital {
  const dataKey = random.bytes(DATA_KEY_BYTES);
  const encrypted = encryptDataset(share, dataKey, random);
  const keyId = `${vault.url}/keys/${KEY_NAME}`;
  let asked = 0;
  const accuracyOf = (model: Model, heldOut: Digits): number =>
    heldOutAccuracy(model, withHeldOut(share, heldOut));
  return {
    name,
    vault,
    share,
    participant: { name, keyId, dataSha256: sha256(encrypted) },
    encrypted,
    minimumSvn,
    accuracyAlone: async (heldOut) =>
      accuracyOf((await train(share, async () => undefined)).model, heldOut),
    agree: async (enclave, attestationUrl) => {
      const releasePolicy = releasePolicyFor({ ...enclave, svn: minimumSvn }, attestationUrl);
      await storeDataKey(vault.account, { name: KEY_NAME, key: dataKey, releasePolicy });
    },
    openModel: (box) => decryptModel(box, dataKey),
    accuracyOf,
    ask: (pixels) => {
      const number = ++asked;
      return {
        request: encryptRequest({ number, pixels }, dataKey, random),
        read: (answer) => decryptAnswer(answer, dataKey, number),
      };
    },
    canRead: (answer) => {
      try {
        decryptAnswer(answer, dataKey, asked);
        return true;
      } catch (error) {
        if (error instanceof JointTrainerError) return error.code !== 'INFERENCE_REFUSED';
        throw error;
      }
    },
  };
}
