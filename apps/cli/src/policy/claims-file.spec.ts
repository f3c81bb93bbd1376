import { hasCode } from '@touchstone/errors';
import { ClaimIssuer, JsonDocument, claimOf, serviceClaim } from '@touchstone/policy';
import { readClaims } from './claims-file';

const read = (value: unknown) => readClaims(JSON.stringify(value), 'c');

describe('claims by name', () => {
  it('are of the service, an array several, an object JSON', () => {
    const claims = read({ svn: 3, debug: false, label: ['a', 'b'], events: { Events: [] } });
    expect(claims).toEqual([
      serviceClaim('svn', 3),
      serviceClaim('debug', false),
      serviceClaim('label', 'a'),
      serviceClaim('label', 'b'),
      serviceClaim('events', JsonDocument.of({ Events: [] })),
    ]);
  });
});

describe('claims one by one', () => {
  it('have an issuer, or are of the service', () => {
    const claims = read([
      { type: 'a', value: 1 },
      { type: 'a', value: 1, valueType: 'Integer', issuer: 'CustomClaim' },
    ]);
    expect(claims).toEqual([serviceClaim('a', 1), claimOf('a', 1, ClaimIssuer.client)]);
  });

  it('are JSON as a value, or as text that says so', () => {
    const claims = read([
      { type: 'a', value: [1] },
      { type: 'a', value: '[1]', valueType: 'JSON' },
      { type: 'a', value: '[1]' },
      { type: 'a', value: 1, valueType: 'JSON' },
    ]);
    expect(claims.map(({ value, valueType }) => [String(value), valueType])).toEqual([
      ['[1]', 'JSON'],
      ['[1]', 'JSON'],
      ['[1]', 'String'],
      ['1', 'JSON'],
    ]);
  });
});

describe('claims that are none', () => {
  it.each<[string, unknown, string]>([
    ['a text', 'a', 'c'],
    ['null', { a: null }, 'c.a'],
    ['a fraction', { a: 1.5 }, 'c.a'],
    ['an integer that is not exact', { a: 2 ** 60 }, 'c.a'],
    ['a list of names', ['a'], 'c[0]'],
    ['no type', [{ value: 1 }], 'c[0].type'],
    ['no value', [{ type: 'a' }], 'c[0].value'],
    ['an issuer that is a number', [{ type: 'a', value: 1, issuer: 1 }], 'c[0].issuer'],
    ['another value type', [{ type: 'a', value: 1, valueType: 'String' }], 'c[0].valueType'],
  ])('are refused: %s', (_name, value, field) => {
    expect.assertions(1);
    try {
      read(value);
    } catch (error) {
      expect(hasCode(error) && { code: error.code, field: error.field }).toEqual({
        code: 'CLAIMS_FILE_INVALID',
        field,
      });
    }
  });

  it.each(['{', '{"a":1,"a":2}'])('are refused: %s', (text) => {
    expect(() => readClaims(text, 'c')).toThrow(
      expect.objectContaining({ code: 'CLAIMS_FILE_INVALID' }),
    );
  });
});
