import { fromBase64Url, sha256, toUtf8 } from '@touchstone/bytes';
import { createEnclave, generateRsaKeyPair } from '@touchstone/enclave-sdk';
import type { Enclave } from '@touchstone/enclave-sdk';
import { classify, decryptModel, encryptDataset } from '@touchstone/image-classifier';
import { quarters } from '../__fixtures__/digits';
import { random } from '../__fixtures__/random';
import { createTrainer } from './trainer';

const dataKey = random.bytes(32);
const dataset = quarters(400, 100);
const encrypted = encryptDataset(dataset, dataKey, random);
const keyPair = generateRsaKeyPair(2048);

/** A trainer to which this key is released. */
const trainer = (released: Uint8Array) =>
  createTrainer(keyPair, random, async (_enclave, { onStep }) => {
    for (const step of ['quoted', 'attested', 'released'] as const) await onStep?.(step);
    return Uint8Array.from(released);
  });

const json = (payload: Uint8Array): Record<string, string> => JSON.parse(toUtf8(payload));

/** A host that carries progress, and quotes by handing the report back. */
function host(onProgress: () => void = () => undefined): { enclave: Enclave; stages: string[] } {
  const stages: string[] = [];
  const ocalls: Record<string, (payload: Uint8Array) => Uint8Array> = {
    'qe-target-info': () => new Uint8Array(512),
    quote: (report) => report,
    progress: (payload) => {
      onProgress();
      stages.push(json(payload)['stage'] ?? '');
      return new Uint8Array();
    },
  };
  const enclave = createEnclave({
    ocall: async (name, payload) => ocalls[name]?.(payload) ?? new Uint8Array(),
    report: (_targetInfo, reportData) => reportData,
    getKey: () => new Uint8Array(16),
    yield: async () => undefined,
  });
  return { enclave, stages };
}

describe('the evidence of a trainer', () => {
  it('is over its key and the nonce of the caller, as it was composed inside', async () => {
    const { evidence } = trainer(dataKey);
    const made = json(await evidence(Uint8Array.of(1, 2, 3), host().enclave));
    const data = fromBase64Url(made['runtimeData'] ?? '');
    expect(fromBase64Url(made['quote'] ?? '').subarray(0, 32)).toEqual(sha256(data));
    expect(JSON.parse(toUtf8(data))).toEqual({
      keys: [{ ...(await keyPair).publicJwk, use: 'enc' }],
      'client-payload': { nonce: 'AQID' },
    });
  });

  it('says nothing of the private key', async () => {
    const answer = toUtf8(await trainer(dataKey).evidence(new Uint8Array(), host().enclave));
    const { d = '-' } = (await keyPair).privateKey.export({ format: 'jwk' });
    expect(answer).not.toContain(d);
  });
});

describe('a run of the trainer', () => {
  it('learns from what was released to it, and answers to the data owner alone', async () => {
    const { enclave, stages } = host();
    const result = JSON.parse(toUtf8(await trainer(dataKey).run(encrypted, enclave)));
    expect(result).toMatchObject({ trainingSamples: 400, heldOutSamples: 100, epochs: 12 });
    expect(result.accuracy).toBeGreaterThan(0.95);
    const model = decryptModel(fromBase64Url(result.encryptedModel), dataKey);
    const image = dataset.pixels.subarray(401 * 64, 402 * 64);
    expect(classify(model, image)).toBe(dataset.labels[401]);
    expect([...new Set(stages)]).toEqual([
      'quoted',
      'attested',
      'released',
      'decrypted',
      'training',
      'evaluated',
    ]);
  });

  it('gives the same accuracy for the same data', async () => {
    const { run } = trainer(dataKey);
    const twice = [await run(encrypted, host().enclave), await run(encrypted, host().enclave)];
    const [first, second] = twice.map((answer) => JSON.parse(toUtf8(answer)));
    expect(first.trainingLoss).toBe(second.trainingLoss);
  });

  it('ends when the key is not the one of the data', async () => {
    const { enclave } = host();
    const { run } = trainer(random.bytes(32));
    await expect(run(encrypted, enclave)).rejects.toMatchObject({
      code: 'DATASET_REFUSED',
    });
  });

  it('ends when nothing is held out', async () => {
    const all = encryptDataset({ ...dataset, training: dataset.labels.length }, dataKey, random);
    await expect(trainer(dataKey).run(all, host().enclave)).rejects.toMatchObject({
      code: 'TRAINER_NOTHING_HELD_OUT',
    });
  });

  it('ends when the host does not go on', async () => {
    const { enclave } = host(() => {
      throw new Error('the caller has gone');
    });
    await expect(trainer(dataKey).run(encrypted, enclave)).rejects.toThrow('the caller has gone');
  });
});
