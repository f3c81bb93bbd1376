import fc from 'fast-check';
import { nextLink, parseKeyName, parseKeyVersion, parsePage } from './paths';

const withCode = (code: string) => expect.objectContaining({ code });

describe('parseKeyName', () => {
  it.each(['k', 'My-Key-1', 'a'.repeat(127)])('takes %s', (name) => {
    expect(parseKeyName(name)).toBe(name);
  });

  it.each(['', 'a_b', 'a.b', 'a b', 'ä', 'a\n', 'a'.repeat(128)])('refuses %j', (name) => {
    expect(() => parseKeyName(name)).toThrow(withCode('VAULT_KEY_NAME_INVALID'));
  });
});

describe('parseKeyVersion', () => {
  it('takes 32 lower-case hex digits', () => {
    expect(parseKeyVersion('0123456789abcdef0123456789abcdef')).toHaveLength(32);
  });

  it.each(['', '0'.repeat(31), '0'.repeat(33), '0123456789ABCDEF0123456789abcdef', 'release'])(
    'refuses %j',
    (version) => {
      expect(() => parseKeyVersion(version)).toThrow(withCode('VAULT_KEY_VERSION_INVALID'));
    },
  );
});

describe('parsePage', () => {
  it('asks for a full page when nothing is said', () => {
    expect(parsePage(undefined, undefined)).toEqual({ limit: 25 });
  });

  it.each(['0', '26', '-1', '1.5', 'x', '', '1e1', '0x5'])('refuses maxresults %j', (value) => {
    expect(() => parsePage(value, undefined)).toThrow(withCode('VAULT_PAGE_INVALID'));
  });

  it.each(['*', 'A', 'A'.repeat(600), '_w'])('refuses the skip token %j', (value) => {
    expect(() => parsePage(undefined, value)).toThrow(withCode('VAULT_PAGE_INVALID'));
  });

  it('reads back what a next link says', () => {
    const name = fc.stringMatching(/^[0-9A-Za-z-]{1,127}$/);
    fc.assert(
      fc.property(name, fc.integer({ min: 1, max: 25 }), (after, limit) => {
        const { searchParams } = new URL(nextLink('https://v.test/keys', '7.4', limit, after));
        const page = parsePage(
          searchParams.get('maxresults') ?? undefined,
          searchParams.get('$skiptoken') ?? undefined,
        );
        expect(page).toEqual({ limit, after });
        expect(searchParams.get('api-version')).toBe('7.4');
      }),
    );
  });
});
