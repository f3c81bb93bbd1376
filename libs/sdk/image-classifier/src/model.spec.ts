import { random } from './__fixtures__/random';
import { decodeModel, decryptModel, encodeModel, encryptModel, classify } from './model';
import type { Model } from './model';

// One feature per quarter of a 4 x 4 image; class c likes quarter c.
const weights = Float32Array.from({ length: 5 * 4 }, (_, i) => (i < 16 && i % 5 === 0 ? 1 : 0));
const model: Model = { rows: 4, columns: 4, classes: 4, weights };
const key = new Uint8Array(32).fill(9);

describe('a model', () => {
  it('comes back as it was, through bytes and through encryption', () => {
    expect(decodeModel(encodeModel(model))).toEqual(model);
    expect(decryptModel(encryptModel(model, key, random), key)).toEqual(model);
  });

  it('tells the class of an image', () => {
    const image = new Uint8Array(16);
    image[15] = 255;
    expect(classify(model, image)).toBe(3);
  });

  it('does not open under another key', () => {
    const encrypted = encryptModel(model, key, random);
    expect(() => decryptModel(encrypted, new Uint8Array(32))).toThrow(
      expect.objectContaining({ code: 'MODEL_REFUSED' }),
    );
  });

  it('is refused when cut, or with a weight that is no number', () => {
    const bytes = encodeModel(model);
    const malformed = expect.objectContaining({ code: 'MODEL_MALFORMED' });
    expect(() => decodeModel(bytes.subarray(1))).toThrow(malformed);
    const broken = { ...model, weights: weights.with(0, Number.NaN) };
    expect(() => decodeModel(encodeModel(broken))).toThrow(malformed);
  });
});
