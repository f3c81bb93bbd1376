import fc from 'fast-check';
import { withoutTrailingCommas } from './trailing-commas';

describe('withoutTrailingCommas', () => {
  it.each([
    ['[1,]', '[1]'],
    ['{"a":[1, 2 ,\r\n\t] , }', '{"a":[1, 2 \r\n\t]  }'],
    ['["a,]",]', '["a,]"]'],
    ['["\\",]",]', '["\\",]"]'],
  ])('%j becomes %j', (text, expected) => {
    expect(withoutTrailingCommas(text)).toBe(expected);
  });

  it.each(['[,]', '{,}', '[1,,]', '{"a":,}', '[1],', ',', '["a,]', '"'])(
    '%j is still no JSON',
    (text) => {
      expect(() => JSON.parse(withoutTrailingCommas(text))).toThrow(SyntaxError);
    },
  );

  it('leaves JSON as it is', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(withoutTrailingCommas(text)).toBe(text);
      }),
    );
  });
});
