import { fromBase64Url, fromUtf8, sha256, toUtf8 } from '@touchstone/bytes';
import { createEnclave, generateRsaKeyPair } from '@touchstone/enclave-sdk';
import type { Enclave, RsaPublicJwk } from '@touchstone/enclave-sdk';
import { quarters } from '../__fixtures__/digits';
import { random, release } from '../__fixtures__/vault';
import { encryptDataset } from '../dataset';
import { classify, decryptModel } from '../model';
import { createTrainer } from './trainer';

const dataKey = random.bytes(32);
const dataset = quarters(400, 100);
const encrypted = encryptDataset(dataset, dataKey, random);
const keyPair = generateRsaKeyPair(2048);
const { evidence, run } = createTrainer(keyPair, random);

type Ocall = (payload: Uint8Array) => Uint8Array;
const json = (payload: Uint8Array): Record<string, string> => JSON.parse(toUtf8(payload));

/** A host that does what it is asked to: the quote is the report, the token is the runtime data. */
function host(changes: Record<string, Ocall> = {}): { enclave: Enclave; stages: string[] } {
  const stages: string[] = [];
  const ocalls: Record<string, Ocall> = {
    'qe-target-info': () => new Uint8Array(512),
    quote: (report) => report,
    attest: (payload) => fromBase64Url(json(payload)['runtimeData'] ?? ''),
    release: (payload) => {
      const { token = '', nonce = '' } = json(payload);
      const [jwk] = (JSON.parse(token) as { keys: [RsaPublicJwk] }).keys;
      return fromUtf8(release(dataKey, nonce, jwk));
    },
    progress: (payload) => {
      stages.push(json(payload)['stage'] ?? '');
      return new Uint8Array();
    },
    ...changes,
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
  it('binds its key: the report data is the hash of the runtime data, then zeros', async () => {
    const { quote = '', runtimeData = '' } = json(await evidence(new Uint8Array(), host().enclave));
    const data = fromBase64Url(runtimeData);
    expect(fromBase64Url(quote)).toEqual(Uint8Array.of(...sha256(data), ...new Uint8Array(32)));
    expect(JSON.parse(toUtf8(data))).toEqual({
      keys: [{ ...(await keyPair).publicJwk, use: 'enc' }],
    });
  });

  it('repeats a nonce inside what is bound', async () => {
    const { runtimeData = '' } = json(await evidence(Uint8Array.of(1, 2, 3), host().enclave));
    expect(JSON.parse(toUtf8(fromBase64Url(runtimeData)))).toMatchObject({
      'client-payload': { nonce: 'AQID' },
    });
  });

  it('refuses a nonce that is too long', async () => {
    await expect(evidence(new Uint8Array(65), host().enclave)).rejects.toMatchObject({
      code: 'TRAINER_REQUEST_MALFORMED',
    });
  });

  it('says nothing of the private key', async () => {
    const answer = toUtf8(await evidence(new Uint8Array(), host().enclave));
    const { d = '-' } = (await keyPair).privateKey.export({ format: 'jwk' });
    expect(answer).not.toContain(d);
  });
});

describe('a run of the trainer', () => {
  it('learns from what was released to it, and answers to the data owner alone', async () => {
    const { enclave, stages } = host();
    const result = JSON.parse(toUtf8(await run(encrypted, enclave)));
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
    const twice = [await run(encrypted, host().enclave), await run(encrypted, host().enclave)];
    const [first, second] = twice.map((answer) => JSON.parse(toUtf8(answer)));
    expect(first.trainingLoss).toBe(second.trainingLoss);
  });

  it('ends when the key is not the one of the data', async () => {
    const { publicJwk } = await keyPair;
    const { enclave } = host({
      release: (payload) =>
        fromUtf8(release(random.bytes(32), json(payload)['nonce'] ?? '', publicJwk)),
    });
    await expect(run(encrypted, enclave)).rejects.toMatchObject({
      code: 'TRAINER_DATASET_REFUSED',
    });
  });

  it('ends when the host does not go on', async () => {
    const { enclave } = host({
      progress: () => {
        throw new Error('the caller has gone');
      },
    });
    await expect(run(encrypted, enclave)).rejects.toThrow('the caller has gone');
  });
});
