import { UsageError, parseOptions } from './options';

describe('parseOptions', () => {
  it('runs a minute from a random seed unless told otherwise', () => {
    const [one, other] = [parseOptions([]), parseOptions([])];
    expect(one).toMatchObject({ seconds: 60, targets: [], json: false });
    expect(one.seed).toMatch(/^[0-9a-f]{16}$/);
    expect(one.seed).not.toBe(other.seed);
  });

  it('takes everything', () => {
    const args = [
      '--seconds',
      '5',
      '--target',
      'quote',
      '--seed',
      'ab',
      '--workers',
      '1',
      '--json',
    ];
    expect(parseOptions(args)).toEqual({
      seconds: 5,
      targets: ['quote'],
      seed: 'ab',
      workers: 1,
      list: false,
      json: true,
    });
    expect(parseOptions(['--target', 'crl', '--replay', '3000']).replay).toEqual(
      Uint8Array.of(0x30, 0),
    );
  });

  it.each([
    ['an unknown option', ['--fast']],
    ['no number', ['--seconds', 'long']],
    ['no time at all', ['--seconds', '0']],
    ['a seed that is not hex', ['--seed', 'xyz']],
    ['an input that is not hex', ['--target', 'crl', '--replay', '3']],
    ['an input for no target', ['--replay', '30']],
  ])('refuses %s', (_name, args) => {
    expect(() => parseOptions(args)).toThrow(UsageError);
  });
});
