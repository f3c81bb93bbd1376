import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { concat, toHex } from '@touchstone/bytes';
import { FileCipher, FILE_TAG_BYTES, MAX_BLOCK_BYTES, newFileHeader } from './file-cipher';

const key = new Uint8Array(32).fill(7);
const random = (length: number): Uint8Array => Uint8Array.from(randomBytes(length));
const header = newFileHeader(random);

function encrypt(blocks: readonly Uint8Array[]): Uint8Array[] {
  const cipher = new FileCipher('encrypt', key, header);
  return blocks.map((block, i) => cipher.block(block, i === blocks.length - 1));
}

function decrypt(blocks: readonly Uint8Array[], lastAt = blocks.length - 1): Uint8Array {
  const cipher = new FileCipher('decrypt', key, header);
  return concat(...blocks.map((block, i) => cipher.block(block, i === lastAt)));
}

const refused = expect.objectContaining({ code: 'BLOCK_REFUSED', field: 'block' }) as Error;
const three = [1, 2, 3].map((n) => new Uint8Array(40).fill(n));

describe('FileCipher', () => {
  it('opens what it has closed, whatever the blocks', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { minLength: 1 }), (blocks) => {
        expect(toHex(decrypt(encrypt(blocks)))).toBe(toHex(concat(...blocks)));
      }),
      { numRuns: 50 },
    );
  });

  it('refuses a block with any bit changed', () => {
    const [block = new Uint8Array()] = encrypt([new Uint8Array(20)]);
    fc.assert(
      fc.property(fc.nat(block.length - 1), fc.nat(7), (at, bit) => {
        expect(() => decrypt([block.with(at, (block[at] ?? 0) ^ (1 << bit))])).toThrow(refused);
      }),
    );
  });

  it.each<[string, (blocks: Uint8Array[]) => Uint8Array[], number]>([
    ['that are in another order', ([a, b, c]) => [b, a, c] as Uint8Array[], 2],
    ['of which one is missing', ([a, , c]) => [a, c] as Uint8Array[], 1],
    ['of which one comes twice', ([a, b, c]) => [a, a, b, c] as Uint8Array[], 3],
    ['that were cut off', ([a, b]) => [a, b] as Uint8Array[], 1],
    ['of which the last is not said to be', (blocks) => blocks, -1],
  ])('refuses blocks %s', (_how, change, lastAt) => {
    expect(() => decrypt(change(encrypt(three)), lastAt)).toThrow(refused);
  });

  it('refuses more after the last block', () => {
    const cipher = new FileCipher('encrypt', key, header);
    cipher.block(new Uint8Array(), true);
    expect(() => cipher.block(new Uint8Array(), true)).toThrow(refused);
  });

  it('refuses blocks of another file, under one key', () => {
    const other = new FileCipher('decrypt', key, newFileHeader(random));
    expect(() => other.block(encrypt(three)[0] ?? new Uint8Array(), false)).toThrow(refused);
  });

  it.each([
    ['too short', header.subarray(1)],
    ['of another kind', header.with(0, 0)],
  ])('refuses a header that is %s', (_how, bytes) => {
    expect(() => new FileCipher('decrypt', key, bytes)).toThrow(refused);
  });

  it('takes a block of the greatest size, and none above it', () => {
    const cipher = new FileCipher('encrypt', key, header);
    const block = new Uint8Array(MAX_BLOCK_BYTES);
    expect(cipher.block(block, false)).toHaveLength(MAX_BLOCK_BYTES + FILE_TAG_BYTES);
    expect(() => cipher.block(new Uint8Array(MAX_BLOCK_BYTES + 1), false)).toThrow(
      expect.objectContaining({ code: 'BLOCK_TOO_LARGE' }),
    );
  });
});
