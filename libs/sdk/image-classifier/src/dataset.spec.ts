import fc from 'fast-check';
import { random } from './__fixtures__/random';
import type { Dataset } from './dataset';
import { decodeDataset, decryptDataset, encodeDataset, encryptDataset } from './dataset';

const dataset: Dataset = {
  rows: 3,
  columns: 2,
  classes: 4,
  training: 6,
  pixels: random.bytes(48),
  labels: Uint8Array.from({ length: 8 }, (_, i) => i % 4),
};
const key = new Uint8Array(32).fill(5);
const code = (expected: string) => expect.objectContaining({ code: expected });

describe('a data set as bytes', () => {
  it('comes back as it was', () => {
    expect(decodeDataset(encodeDataset(dataset))).toEqual(dataset);
  });

  it('may hold nothing out', () => {
    const all = { ...dataset, training: 8 };
    expect(decodeDataset(encodeDataset(all))).toEqual(all);
  });

  it('is refused when cut anywhere, or with a byte more', () => {
    const bytes = encodeDataset(dataset);
    for (let length = 0; length < bytes.length; length++) {
      expect(() => decodeDataset(bytes.subarray(0, length))).toThrow(code('DATASET_MALFORMED'));
    }
    expect(() => decodeDataset(Uint8Array.of(...bytes, 0))).toThrow(code('DATASET_MALFORMED'));
  });

  it.each([
    ['rows', { rows: 1 }],
    ['columns', { columns: 300 }],
    ['classes', { classes: 1 }],
    ['training', { training: 9 }],
    ['training', { training: 0 }],
    ['pixels', { pixels: new Uint8Array(3) }],
    ['labels', { labels: new Uint8Array(8).fill(4) }],
  ])('has %s within bounds', (field, change) => {
    expect(() => encodeDataset({ ...dataset, ...change })).toThrow(
      expect.objectContaining({ field }),
    );
  });

  it('never fails without a code, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          decodeDataset(bytes);
        } catch (error) {
          expect(error).toMatchObject({ code: 'DATASET_MALFORMED' });
        }
      }),
    );
  });
});

describe('an encrypted data set', () => {
  const encrypted = encryptDataset(dataset, key, random);

  it('opens under its key', () => {
    expect(decryptDataset(encrypted, key)).toEqual(dataset);
  });

  it('does not open under another key', () => {
    expect(() => decryptDataset(encrypted, new Uint8Array(32))).toThrow(code('DATASET_REFUSED'));
  });

  it('does not open with any one bit changed', () => {
    fc.assert(
      fc.property(fc.nat(encrypted.length * 8 - 1), (bit) => {
        const changed = encrypted.slice();
        changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        expect(() => decryptDataset(changed, key)).toThrow(code('DATASET_REFUSED'));
      }),
    );
  });

  it('takes a key of 256 bits only', () => {
    expect(() => encryptDataset(dataset, new Uint8Array(16), random)).toThrow(
      code('DATA_KEY_UNSUITABLE'),
    );
  });
});
