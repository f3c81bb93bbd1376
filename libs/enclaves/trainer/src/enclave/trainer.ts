import { fromUtf8, toBase64Url } from '@touchstone/bytes';
import type { obtainKey } from '@touchstone/enclave-key-release';
import { encodeKeyEvidence, makeKeyEvidence } from '@touchstone/enclave-key-release';
import type { Ecall, Enclave, RsaKeyPair } from '@touchstone/enclave-sdk';
import { decryptDataset, encryptModel, heldOutAccuracy, train } from '@touchstone/image-classifier';
import type { Random } from '@touchstone/ports';
import { TrainerError } from './trainer-error';

/** The enclave's entry points, around one key pair that lives as long as the enclave does. */
export function createTrainer(
  keyPair: Promise<RsaKeyPair>,
  random: Random,
  obtain: typeof obtainKey,
): { evidence: Ecall; run: Ecall } {
  return {
    /** A nonce of up to 64 bytes to `{"quote", "runtimeData"}`, both base64url. */
    evidence: async (nonce, enclave) => {
      const { publicJwk } = await keyPair;
      return encodeKeyEvidence(await makeKeyEvidence(publicJwk, nonce, enclave));
    },

    /** An encrypted data set to `{"accuracy", …, "encryptedModel": base64url}`. */
    run: async (encrypted, enclave) => {
      const dataKey = await obtain(enclave, {
        keyPair: await keyPair,
        random,
        onStep: (stage) => progress(enclave, { stage }),
      });
      try {
        return await trainOn(encrypted, dataKey, random, enclave);
      } finally {
        dataKey.fill(0);
      }
    },
  };
}

async function trainOn(
  encrypted: Uint8Array,
  dataKey: Uint8Array,
  random: Random,
  enclave: Enclave,
): Promise<Uint8Array> {
  const dataset = decryptDataset(encrypted, dataKey);
  const heldOutSamples = dataset.labels.length - dataset.training;
  if (heldOutSamples === 0) {
    throw new TrainerError('TRAINER_NOTHING_HELD_OUT', 'the data set holds no images out');
  }
  await progress(enclave, { stage: 'decrypted' });
  let epochs = 0;
  const { model, loss } = await train(dataset, async (report) => {
    epochs = report.epochs;
    await progress(enclave, { stage: 'training', ...report });
  });
  const accuracy = heldOutAccuracy(model, dataset);
  await progress(enclave, { stage: 'evaluated' });
  return toJson({
    accuracy,
    trainingLoss: loss,
    trainingSamples: dataset.training,
    heldOutSamples,
    epochs,
    encryptedModel: toBase64Url(encryptModel(model, dataKey, random)),
  });
}

/** The host may also answer with an error here, which stops the run: its caller has gone. */
async function progress(enclave: Enclave, report: object): Promise<void> {
  await enclave.ocall('progress', toJson(report));
}

const toJson = (value: object): Uint8Array => fromUtf8(JSON.stringify(value));
