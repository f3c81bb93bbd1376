import { toUtf8 } from '@touchstone/bytes';
import { classify, decryptModel } from '@touchstone/image-classifier';
import { anOwner, aStudy, imageOf, planOf, shareOf } from '../__fixtures__/a-study';
import { random } from '../__fixtures__/random';
import { decryptAnswer, encryptRequest } from '../inference';

const a = anOwner('hospital-a', shareOf([0, 1], 40));
const b = anOwner('hospital-b', shareOf([2], 20));
const code = (expected: string) => expect.objectContaining({ code: expected });
const request = (number: number, label: number, key = a.key) =>
  encryptRequest({ number, pixels: imageOf(label) }, key, random);

describe('a study', () => {
  it('gives each participant a model that knows what only the other has', async () => {
    const { finish, enterFor, logged } = aStudy([a, b]);
    await finish();
    for (const { name, key } of [a, b]) {
      const model = decryptModel(await enterFor('model', name), key);
      expect([0, 1, 2].map((label) => classify(model, imageOf(label)))).toEqual([0, 1, 2]);
    }
    expect(logged.slice(0, 2)).toEqual([
      'hospital-a has released its key: 80 images are open inside',
      'hospital-b has released its key: 20 images are open inside',
    ]);
    expect(logged.at(-1)).toMatch(/^pass 12 of 12, loss \d\.\d{4}$/);
  });

  it('gives the model under the key of the one whom it is for', async () => {
    const { finish, enterFor } = aStudy([a, b]);
    await finish();
    const forA = await enterFor('model', 'hospital-a');
    expect(() => decryptModel(forA, b.key)).toThrow(code('MODEL_REFUSED'));
  });

  it('does not train before all have released', async () => {
    const { fill, enter, enterFor } = aStudy([a, b], ['hospital-b']);
    await fill();
    await enterFor('open', 'hospital-a');
    await expect(enterFor('open', 'hospital-b')).rejects.toThrow('Forbidden');
    await expect(enter('train')).rejects.toMatchObject({
      code: 'RELEASES_MISSING',
      message: 'no key yet of hospital-b',
    });
    await expect(enterFor('model', 'hospital-a')).rejects.toMatchObject({ code: 'MODEL_MISSING' });
  });

  it('takes no plan but the one that it was loaded for', async () => {
    const { enter } = aStudy([a, b]);
    const mallory = anOwner('hospital-b', shareOf([2], 20));
    await expect(enter('configure', planOf([a, mallory]))).rejects.toMatchObject({
      code: 'CONFIGURATION_MISMATCH',
    });
  });

  it('takes no data but the planned', async () => {
    const { fill, enterFor } = aStudy([a, b]);
    await fill();
    const own = anOwner('hospital-b', shareOf([2], 20)).encrypted;
    await expect(enterFor('data', 'hospital-b', own)).rejects.toMatchObject({
      code: 'DATA_NOT_IN_PLAN',
    });
  });

  it.each(['data', 'open', 'model', 'infer'] as const)('has no %s for others', async (name) => {
    const { finish, enterFor } = aStudy([a, b]);
    await finish();
    await expect(enterFor(name, 'mallory')).rejects.toMatchObject({ code: 'PARTICIPANT_UNKNOWN' });
  });

  it.each(['data', 'open', 'train', 'model', 'infer'] as const)(
    'has no %s before it has a plan',
    async (name) => {
      await expect(aStudy([a, b]).enterFor(name, 'hospital-a')).rejects.toMatchObject({
        code: 'PLAN_MISSING',
      });
    },
  );

  it('asks no vault before there is data', async () => {
    const { enter, enterFor, plan } = aStudy([a, b]);
    await enter('configure', plan);
    await expect(enterFor('open', 'hospital-a')).rejects.toMatchObject({ code: 'DATA_MISSING' });
  });

  it('joins shares of one kind only', async () => {
    const other = anOwner('hospital-b', { ...shareOf([2], 20), classes: 4 });
    await expect(aStudy([a, other]).finish()).rejects.toMatchObject({
      code: 'SHARES_DIFFER',
      field: 'classes',
    });
  });

  it('keeps its model and its keys through a second configuration', async () => {
    const { finish, enter, enterFor, plan } = aStudy([a, b]);
    await finish();
    await enter('configure', plan);
    await expect(enterFor('model', 'hospital-a')).resolves.toBeDefined();
  });
});

describe('private inference', () => {
  const study = aStudy([a, b]);
  beforeAll(() => study.finish());

  it('answers to the one who asked, and to nobody else', async () => {
    const answer = await study.enterFor('infer', 'hospital-a', request(1, 2));
    expect(decryptAnswer(answer, a.key, 1)).toBe(2);
    expect(() => decryptAnswer(answer, b.key, 1)).toThrow(code('INFERENCE_REFUSED'));
  });

  it.each([
    ['INFERENCE_REFUSED', "another's request", () => request(2, 0, b.key)],
    [
      'INFERENCE_MALFORMED',
      'another size',
      () => encryptRequest({ number: 3, pixels: new Uint8Array(3) }, a.key, random),
    ],
  ])('refuses with %s: %s', async (expected, _what, made) => {
    await expect(study.enterFor('infer', 'hospital-a', made())).rejects.toMatchObject({
      code: expected,
    });
  });

  it('answers a request once', async () => {
    const asked = request(10, 0);
    await study.enterFor('infer', 'hospital-a', asked);
    await expect(study.enterFor('infer', 'hospital-a', asked)).rejects.toMatchObject({
      code: 'INFERENCE_REPLAYED',
    });
  });

  it('numbers the requests of each participant by themselves', async () => {
    const answer = await study.enterFor('infer', 'hospital-b', request(1, 1, b.key));
    expect(decryptAnswer(answer, b.key, 1)).toBe(1);
  });
});

describe('the evidence of a joint trainer', () => {
  it('is over its own key and the nonce of the caller', async () => {
    const nonce = Uint8Array.of(1, 2, 3);
    const made = JSON.parse(toUtf8(await aStudy([a, b]).enter('evidence', nonce)));
    const data = JSON.parse(Buffer.from(made.runtimeData, 'base64url').toString());
    expect(data).toMatchObject({ keys: [{ kty: 'RSA' }], 'client-payload': { nonce: 'AQID' } });
  });

  it('has a report for whoever is named', async () => {
    const nonce = new Uint8Array(32).fill(5);
    const payload = Uint8Array.of(...new Uint8Array(512), ...nonce);
    const report = await aStudy([a, b]).enter('report', payload);
    expect(report.subarray(32, 64)).toEqual(nonce);
  });
});
