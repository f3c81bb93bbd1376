import { createCipheriv } from 'node:crypto';
import fc from 'fast-check';
import { concat, fromHex, toHex } from '@touchstone/bytes';
import { MAX_WRAPPED_KEY_BYTES, aesUnwrapPad, aesWrapPad } from './aes-key-wrap-pad';

// https://www.rfc-editor.org/rfc/rfc5649#section-6
const RFC_KEK = fromHex('5840df6e29b02af1ab493b705bf16ea1ae8338f4dcc176a8');
const VECTORS = [
  {
    title: '20 octets',
    plaintext: 'c37b7e6492584340bed12207808941155068f738',
    wrapped: '138bdeaa9b8fa7fc61f97742e72248ee5ae6ae5360d1ae6a5f54f373fa543b6a',
  },
  { title: '7 octets', plaintext: '466f7250617369', wrapped: 'afbeb0f07dfbf5419200f2ccb50bb24f' },
];

/** RFC 5649 section 4.1 over RFC 3394 section 2.2.1, step by step from single AES blocks. */
function wrapBySteps(key: Uint8Array, plaintext: Uint8Array): Uint8Array {
  const block = (input: Uint8Array): Uint8Array => {
    const cipher = createCipheriv(`aes-${key.length * 8}-ecb`, key, null).setAutoPadding(false);
    return concat(cipher.update(input), cipher.final());
  };
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, plaintext.length);
  let a: Uint8Array = concat(fromHex('a65959a6'), length);
  const padded = new Uint8Array(Math.ceil(plaintext.length / 8) * 8);
  padded.set(plaintext);
  if (padded.length === 8) return block(concat(a, padded));
  const n = padded.length / 8;
  for (let t = 1; t <= 6 * n; t += 1) {
    const at = ((t - 1) % n) * 8;
    const out = block(concat(a, padded.subarray(at, at + 8)));
    a = out.slice(0, 8);
    const view = new DataView(a.buffer);
    view.setUint32(4, view.getUint32(4) ^ t);
    padded.set(out.subarray(8), at);
  }
  return concat(a, padded);
}

describe('aesWrapPad', () => {
  it.each(VECTORS)('gives the RFC 5649 vector of $title', ({ plaintext, wrapped }) => {
    expect(toHex(aesWrapPad(RFC_KEK, fromHex(plaintext)))).toBe(wrapped);
    expect(toHex(aesUnwrapPad(RFC_KEK, fromHex(wrapped)))).toBe(plaintext);
  });

  it('is the RFC taken step by step, for every length and AES key size', () => {
    const sizes = fc.constantFrom(16, 24, 32);
    const key = sizes.chain((size) => fc.uint8Array({ minLength: size, maxLength: size }));
    fc.assert(
      fc.property(key, fc.uint8Array({ minLength: 1, maxLength: 200 }), (kek, plaintext) => {
        expect(toHex(aesWrapPad(kek, plaintext))).toBe(toHex(wrapBySteps(kek, plaintext)));
      }),
    );
  });

  it.each([0, MAX_WRAPPED_KEY_BYTES + 1])('refuses a key of %i bytes', (length) => {
    expect(() => aesWrapPad(RFC_KEK, new Uint8Array(length))).toThrow(
      expect.objectContaining({ code: 'KEY_WRAP_KEY_SIZE' }),
    );
  });

  it('takes the longest key that it allows', () => {
    const longest = new Uint8Array(MAX_WRAPPED_KEY_BYTES).fill(7);
    expect(aesUnwrapPad(RFC_KEK, aesWrapPad(RFC_KEK, longest))).toEqual(longest);
  });
});

describe('aesUnwrapPad', () => {
  it.each([0, 8, 15, 17, MAX_WRAPPED_KEY_BYTES + 24])('refuses %i bytes', (length) => {
    expect(() => aesUnwrapPad(RFC_KEK, new Uint8Array(length))).toThrow(
      expect.objectContaining({ code: 'KEY_WRAP_MALFORMED' }),
    );
  });

  it('refuses every single changed bit', () => {
    const wrapped = aesWrapPad(RFC_KEK, fromHex('c37b7e6492584340bed12207808941155068f738'));
    for (let bit = 0; bit < wrapped.length * 8; bit += 1) {
      const changed = wrapped.slice();
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(() => aesUnwrapPad(RFC_KEK, changed)).toThrow(
        expect.objectContaining({ code: 'KEY_WRAP_REFUSED' }),
      );
    }
  });
});
