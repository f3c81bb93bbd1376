import { fromUtf8, toBase64Url, toUtf8 } from '@touchstone/bytes';
import type { Ecall, Enclave, RsaKeyPair } from '@touchstone/enclave-sdk';
import type { Random } from '@touchstone/ports';
import { decryptDataset } from '../dataset';
import { encryptModel } from '../model';
import { TrainerError } from '../trainer-error';
import { heldOutAccuracy } from './evaluation';
import { makeEvidence, MAX_NONCE_BYTES } from './evidence';
import { dataKeyFrom, WRAPPING } from './released-key';
import { train } from './training';

const RELEASE_NONCE_BYTES = 16;

/** The enclave's entry points, around one key pair that lives as long as the enclave does. */
export function createTrainer(
  keyPair: Promise<RsaKeyPair>,
  random: Random,
): { evidence: Ecall; run: Ecall } {
  return {
    /** A nonce of up to 64 bytes to `{"quote", "runtimeData"}`, both base64url. */
    evidence: async (nonce, enclave) => {
      if (nonce.length > MAX_NONCE_BYTES) {
        throw new TrainerError('TRAINER_REQUEST_MALFORMED', 'the nonce is too long', {
          field: 'nonce',
        });
      }
      const { publicJwk } = await keyPair;
      const { quote, runtimeData } = await makeEvidence(publicJwk, nonce, enclave);
      return toJson({ quote: toBase64Url(quote), runtimeData: toBase64Url(runtimeData) });
    },

    /** An encrypted data set to `{"accuracy", …, "encryptedModel": base64url}`. */
    run: async (encrypted, enclave) => {
      const dataKey = await obtainDataKey(await keyPair, random, enclave);
      try {
        return await trainOn(encrypted, dataKey, random, enclave);
      } finally {
        dataKey.fill(0);
      }
    },
  };
}

/** Quote, token, release: each step an OCALL whose answer proves itself or is refused. */
async function obtainDataKey(
  keyPair: RsaKeyPair,
  random: Random,
  enclave: Enclave,
): Promise<Uint8Array> {
  const { quote, runtimeData } = await makeEvidence(keyPair.publicJwk, new Uint8Array(), enclave);
  await progress(enclave, { stage: 'quoted' });
  const token = await enclave.ocall(
    'attest',
    toJson({ quote: toBase64Url(quote), runtimeData: toBase64Url(runtimeData) }),
  );
  await progress(enclave, { stage: 'attested' });
  const nonce = toBase64Url(random.bytes(RELEASE_NONCE_BYTES));
  const released = await enclave.ocall(
    'release',
    toJson({ token: toUtf8(token), nonce, enc: WRAPPING }),
  );
  const dataKey = dataKeyFrom(toUtf8(released), nonce, keyPair);
  await progress(enclave, { stage: 'released' });
  return dataKey;
}

async function trainOn(
  encrypted: Uint8Array,
  dataKey: Uint8Array,
  random: Random,
  enclave: Enclave,
): Promise<Uint8Array> {
  const dataset = decryptDataset(encrypted, dataKey);
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
    heldOutSamples: dataset.labels.length - dataset.training,
    epochs,
    encryptedModel: toBase64Url(encryptModel(model, dataKey, random)),
  });
}

/** The host may also answer with an error here, which stops the run: its caller has gone. */
async function progress(enclave: Enclave, report: object): Promise<void> {
  await enclave.ocall('progress', toJson(report));
}

const toJson = (value: object): Uint8Array => fromUtf8(JSON.stringify(value));
