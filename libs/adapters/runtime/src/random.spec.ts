import fc from 'fast-check';
import { concat, toHex } from '@touchstone/bytes';
import { seededRandom, systemRandom } from './random';

const SEED = '00112233445566778899aabbccddeeff';

describe('seededRandom', () => {
  it('repeats, however the draws are cut', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(100), { maxLength: 10 }), (lengths) => {
        const whole = seededRandom(SEED, 'label').bytes(
          lengths.reduce((sum, length) => sum + length, 0),
        );
        const stream = seededRandom(SEED, 'label');
        expect(concat(...lengths.map((length) => stream.bytes(length)))).toEqual(whole);
      }),
    );
  });

  it('is fixed for all time: a seed names the same run tomorrow', () => {
    expect(toHex(seededRandom(SEED, 'label').bytes(16))).toBe('f00ee5802965e2022f2f2c59ec39b908');
  });

  it('differs by label and by seed', () => {
    const draws = [
      seededRandom(SEED, 'a'),
      seededRandom(SEED, 'b'),
      seededRandom(`${SEED}00`, 'a'),
    ].map((random) => toHex(random.bytes(16)));
    expect(new Set(draws).size).toBe(3);
  });

  it.each(['', 'abc', 'xy'])('refuses the seed %j', (seed) => {
    let caught: unknown;
    try {
      seededRandom(seed, 'label');
    } catch (error) {
      caught = error;
    }
    expect(caught).toMatchObject({ code: 'BYTES_INVALID_HEX', field: 'seed' });
  });
});

describe('systemRandom', () => {
  it('gives as many bytes as are asked for, others each time', () => {
    expect(systemRandom.bytes(0)).toHaveLength(0);
    expect(systemRandom.bytes(33)).toHaveLength(33);
    const draws = Array.from({ length: 1_000 }, () => toHex(systemRandom.bytes(16)));
    expect(new Set(draws).size).toBe(1_000);
  });

  it('never gives what it gave before', () => {
    for (const length of [1, 63, 64, 65, 4_096, 5_000]) {
      const drawn = systemRandom.bytes(length);
      expect(drawn).toHaveLength(length);
      expect(drawn.buffer.byteLength).toBe(length);
    }
    const first = systemRandom.bytes(16);
    const copy = first.slice();
    systemRandom.bytes(5_000);
    for (let i = 0; i < 500; i++) systemRandom.bytes(64);
    expect(first).toEqual(copy);
  });
});
