import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import type { Random } from '@touchstone/ports';
import { decryptData, derivedKey, encryptData, ENCRYPTION_OVERHEAD_BYTES } from '.';

const random: Random = { bytes: (length) => new Uint8Array(randomBytes(length)) };
const key = random.bytes(32);
const plain = Uint8Array.of(1, 2, 3);

describe('encrypted data', () => {
  it('opens under its key and label', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const box = encryptData('LABEL001', key, bytes, random);
        expect(box).toHaveLength('LABEL001'.length + ENCRYPTION_OVERHEAD_BYTES + bytes.length);
        expect(decryptData('LABEL001', key, box)).toEqual(bytes);
      }),
    );
  });

  it('differs each time', () => {
    const once = encryptData('LABEL001', key, plain, random);
    expect(encryptData('LABEL001', key, plain, random)).not.toEqual(once);
  });

  it('does not open under another key', () => {
    const box = encryptData('LABEL001', key, plain, random);
    expect(decryptData('LABEL001', random.bytes(32), box)).toBeUndefined();
  });

  it('does not open as something else', () => {
    const box = encryptData('LABEL001', key, plain, random);
    expect(decryptData('LABEL002', key, box)).toBeUndefined();
  });

  it('does not open with any one bit changed, or cut short', () => {
    const box = encryptData('LABEL001', key, plain, random);
    for (let at = 0; at < box.length; at++) {
      const changed = Uint8Array.from(box, (byte, i) => (i === at ? byte ^ 1 : byte));
      expect(decryptData('LABEL001', key, changed)).toBeUndefined();
      expect(decryptData('LABEL001', key, box.subarray(0, at))).toBeUndefined();
    }
  });
});

describe('a derived key', () => {
  it('is the same for the same purpose, and another for another', () => {
    expect(derivedKey(key, 'model')).toEqual(derivedKey(key, 'model'));
    expect(derivedKey(key, 'model')).not.toEqual(derivedKey(key, 'answer'));
    expect(derivedKey(key, 'model')).toHaveLength(key.length);
  });
});
