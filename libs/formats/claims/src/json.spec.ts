import { hasCode } from '@touchstone/errors';
import fc from 'fast-check';
import { MAX_JSON_DEPTH, parseJson, parseJsonObject } from './json';

function codeOf(act: () => unknown): string | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    return hasCode(error) ? error.code : String(error);
  }
}

describe('parseJson', () => {
  it('reads whatever JSON.stringify writes', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
        const text = JSON.stringify(value);
        expect(parseJson(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  it('answers any text with a value or a code of its own', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'{}[]":,\\u0041a1 ') }), (text) => {
        const code = codeOf(() => parseJson(text));
        expect(code === undefined || code.startsWith('CLAIMS_JSON_')).toBe(true);
      }),
    );
  });

  it.each([
    ['a plain repetition', '{"alg":"none","alg":"RS256"}'],
    ['a repetition spelled with an escape', '{"alg":"none","\\u0061lg":"RS256"}'],
    ['a repetition in a nested object', '{"a":[{"b":1,"c":{},"b":2}]}'],
    ['a repetition before white space', '{"a":1,"a" \n:2}'],
    ['a repeated __proto__', '{"__proto__":1,"__proto__":2}'],
  ])('refuses %s', (_name, text) => {
    expect(codeOf(() => parseJson(text))).toBe('CLAIMS_JSON_DUPLICATE_MEMBER');
  });

  it.each([
    ['the same name in sibling objects', '[{"a":1},{"a":2}]'],
    ['a value that looks like a member', '{"a":"a\\":","b":"a"}'],
    ['an array of equal strings', '["a","a"]'],
  ])('takes %s', (_name, text) => {
    expect(parseJson(text)).toEqual(JSON.parse(text));
  });

  it('refuses one level more than the limit', () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
    expect(codeOf(() => parseJson(nested(MAX_JSON_DEPTH)))).toBeUndefined();
    expect(codeOf(() => parseJson(nested(MAX_JSON_DEPTH + 1)))).toBe('CLAIMS_JSON_TOO_DEEP');
    expect(codeOf(() => parseJson('['.repeat(1_000_000)))).toBe('CLAIMS_JSON_TOO_DEEP');
  });

  it.each(['', '{', '{"a"', '"a', '{"a":1}}', '\ufeff{}', "{'a':1}", '01'])(
    'refuses %j',
    (text) => {
      expect(codeOf(() => parseJson(text))).toBe('CLAIMS_JSON_MALFORMED');
    },
  );
});

describe('parseJsonObject', () => {
  it.each(['[]', '1', '"x"', 'null'])('refuses %s', (text) => {
    expect(codeOf(() => parseJsonObject(text))).toBe('CLAIMS_JSON_NOT_AN_OBJECT');
  });
});
