import { UsageError, mayHold, parseOptions, requireNamed, wanted } from './options';

describe('parseOptions', () => {
  it('has defaults', () => {
    expect(parseOptions([])).toEqual({ json: false, only: [], seconds: 3, windows: 3, rounds: 45 });
  });

  it('reads all', () => {
    const args =
      '--json --only verify --only pccs.tcb --seconds 9 --windows 2 --rounds 5 --profile p';
    expect(parseOptions(args.split(' '))).toEqual({
      json: true,
      only: ['verify', 'pccs.tcb'],
      seconds: 9,
      windows: 2,
      rounds: 5,
      profile: 'p',
    });
  });

  it.each([
    ['an unknown option', ['--fast']],
    ['a free word', ['verify']],
    ['no seconds', ['--seconds', '0']],
    ['half a second', ['--seconds', '0.5']],
    ['rounds without end', ['--rounds', '123456']],
  ])('refuses %s', (_name, args) => {
    expect(() => parseOptions(args)).toThrow(UsageError);
  });
});

describe('wanted', () => {
  it.each([
    ['everything when nothing is named', [], 'verify.sgx.warm', true],
    ['a row by its name', ['verify.sgx.warm'], 'verify.sgx.warm', true],
    ['the rows of a group', ['verify'], 'verify.sgx.warm', true],
    ['no row that only begins alike', ['attest.http.c1'], 'attest.http.c128', false],
    ['not the group above', ['verify.sgx.warm'], 'verify.sgx', false],
  ])('takes %s', (_name, only, name, expected) => {
    expect(wanted({ only }, name)).toBe(expected);
  });
});

describe('mayHold', () => {
  it.each([
    ['a group above what is named', ['verify.sgx.warm'], 'verify', true],
    ['a group below what is named', ['verify'], 'verify.sgx', true],
    ['not another group', ['pccs.tcb'], 'verify', false],
  ])('takes %s', (_name, only, name, expected) => {
    expect(mayHold({ only }, name)).toBe(expected);
  });
});

describe('requireNamed', () => {
  const rows = [{ name: 'verify.sgx.warm' }];

  it('is content when each name has a row', () => {
    expect(() => requireNamed({ only: ['verify', 'verify.sgx.warm'] }, rows)).not.toThrow();
    expect(() => requireNamed({ only: [] }, [])).not.toThrow();
  });

  it('names what has none', () => {
    expect(() => requireNamed({ only: ['verify', 'verfiy'] }, rows)).toThrow(
      'no row is called verfiy',
    );
  });
});
