import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { hasCode } from '@touchstone/errors';
import { backends } from './__fixtures__/backends';
import { openStore } from './open-store';
import { createSealer } from './seal';

const kek = new Uint8Array(32).fill(1);
const sealer = createSealer(kek);
const codeOf = (action: () => unknown): string | undefined => {
  try {
    action();
  } catch (error) {
    return hasCode(error) ? error.code : String(error);
  }
  return undefined;
};

describe('a sealed value', () => {
  it('opens where it was sealed', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.string(), (plain, place) => {
        expect(sealer.open(place, sealer.seal(place, plain))).toEqual(plain);
      }),
    );
  });

  it('opens nowhere else, and under no other key', () => {
    const sealed = sealer.seal('table|1', kek);
    expect(codeOf(() => sealer.open('table|2', sealed))).toBe('STORE_SECRET_UNREADABLE');
    const other = createSealer(new Uint8Array(32).fill(2));
    expect(codeOf(() => other.open('table|1', sealed))).toBe('STORE_SECRET_UNREADABLE');
  });

  it('does not open when a bit of it is another, or its end is cut', () => {
    const sealed = sealer.seal('place', Uint8Array.of(1, 2, 3));
    for (let index = 0; index < sealed.length; index++) {
      const flipped = sealed.map((byte, at) => (at === index ? byte ^ 1 : byte));
      expect(codeOf(() => sealer.open('place', flipped))).toBe('STORE_SECRET_UNREADABLE');
      expect(codeOf(() => sealer.open('place', sealed.subarray(0, index)))).toBe(
        'STORE_SECRET_UNREADABLE',
      );
    }
  });

  it('is another each time', () => {
    expect(sealer.seal('place', kek)).not.toEqual(sealer.seal('place', kek));
  });
});

describe('the database file', () => {
  it('holds no private key in the clear', async () => {
    const [embedded] = backends;
    const place = embedded?.place();
    if (place === undefined || !('file' in place.options))
      throw new TypeError('no embedded database');
    const store = await openStore({ ...place.options, kek });
    const secret = Buffer.from('a private key that nobody may read');
    const at = new Date(0);
    await store.signingKeys.add({
      id: 'a',
      purpose: 'b',
      privateKey: secret,
      certificates: [],
      createdAt: at,
    });
    await store.close();
    expect(readFileSync(place.options.file).includes(secret)).toBe(false);
    await place.remove();
  });
});
