import fc from 'fast-check';
import { hasCode } from '@touchstone/errors';
import { concat, equal, isZero } from './compare';
import { sha256, sha256Hex } from './digest';
import {
  fromBase64Lenient,
  fromBase64Url,
  fromHex,
  fromUtf8,
  toBase64,
  toBase64Url,
  toHex,
  toUtf8,
} from './encoding';

const codeOf = (action: () => unknown): string | undefined => {
  try {
    action();
  } catch (error) {
    return hasCode(error) ? error.code : undefined;
  }
  return undefined;
};

describe('encodings', () => {
  it('round-trip any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(fromHex(toHex(bytes))).toEqual(bytes);
        expect(fromBase64Url(toBase64Url(bytes))).toEqual(bytes);
        expect(fromBase64Lenient(toBase64(bytes))).toEqual(bytes);
        expect(fromBase64Lenient(toBase64Url(bytes))).toEqual(bytes);
      }),
    );
  });

  it.each(['0', 'xy', '0 0', '0x00'])('refuses %j as hex', (text) => {
    expect(codeOf(() => fromHex(text))).toBe('BYTES_INVALID_HEX');
  });

  it.each(['AA==', 'A+', 'A/', 'A', 'AB', 'AAF', 'A A', 'AA\n'])(
    'refuses %j as base64url',
    (text) => {
      expect(codeOf(() => fromBase64Url(text))).toBe('BYTES_INVALID_BASE64');
    },
  );

  it.each(['A', 'AB', 'AA===', '=AA', 'A\tA'])('refuses %j even leniently', (text) => {
    expect(codeOf(() => fromBase64Lenient(text))).toBe('BYTES_INVALID_BASE64');
  });

  it('refuses malformed UTF-8 and keeps a byte-order mark', () => {
    expect(codeOf(() => toUtf8(Uint8Array.of(0xff)))).toBe('BYTES_INVALID_UTF8');
    expect(toUtf8(fromUtf8('\ufeffa'))).toBe('\ufeffa');
  });
});

describe('comparison and digests', () => {
  it('compares by value and length', () => {
    expect(equal(Uint8Array.of(1, 2), Uint8Array.of(1, 2))).toBe(true);
    expect(equal(Uint8Array.of(1, 2), Uint8Array.of(1, 3))).toBe(false);
    expect(equal(Uint8Array.of(1), Uint8Array.of(1, 2))).toBe(false);
    expect(isZero(new Uint8Array(4))).toBe(true);
    expect(isZero(Uint8Array.of(0, 1))).toBe(false);
  });

  it('hashes the concatenation of its parts', () => {
    const [a, b] = [fromUtf8('ab'), fromUtf8('c')];
    expect(sha256(a, b)).toEqual(sha256(concat(a, b)));
    // FIPS 180-4, the example "abc"
    expect(toHex(sha256(a, b))).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
    expect(sha256Hex(concat(a, b))).toBe(toHex(sha256(a, b)));
    expect(sha256Hex('abc\u00e4')).toBe(toHex(sha256(fromUtf8('abc\u00e4'))));
  });
});
