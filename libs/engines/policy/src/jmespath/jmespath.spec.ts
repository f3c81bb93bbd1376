import { hasCode } from '@touchstone/errors';
import type { JsonValue } from '@touchstone/claims';
import fc from 'fast-check';
import { MAX_QUERY_CHARACTERS, MAX_QUERY_HEIGHT } from '../limits';
import { StepCounter } from '../step-counter';
import { QUERY_FUNCTIONS, evaluateQuery, parseQuery } from './index';
import vectors from './query-vectors.json';

const search = (query: string, document: JsonValue, steps = new StepCounter()): JsonValue =>
  evaluateQuery(parseQuery(query), document, steps);

function codeOf(act: () => unknown): string | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    return hasCode(error) ? error.code : String(error);
  }
}

const cases = (vectors as { document: JsonValue; cases: JsonValue[][] }[]).flatMap(
  ({ document, cases: ofDocument }) =>
    ofDocument.map(([query, result]) => [String(query), document, result ?? null] as const),
);

describe('a query', () => {
  it.each(cases)('%s', (query, document, result) => {
    expect(search(query, document)).toEqual(result);
  });

  it('has every function in its vectors', () => {
    const queries = cases.map(([query]) => query).join('\n');
    expect(QUERY_FUNCTIONS.filter((name) => !queries.includes(`${name}(`))).toEqual([]);
  });

  it('makes members that are named like inner ones of objects', () => {
    const made = search('{"__proto__": a}', { a: 1 });
    expect(Object.keys(made ?? {})).toEqual(['__proto__']);
    expect(Object.getPrototypeOf(made)).toBe(Object.prototype);
  });
});

describe('a text that is no query', () => {
  it.each([
    ['', 'nothing'],
    ['a.', 'a dot at the end'],
    ['.a', 'a dot at the start'],
    ['a b', 'two expressions'],
    ['a[b]', 'a list without a dot'],
    ['a{b: c}', 'an object without a dot'],
    ['[ ]', 'an empty list'],
    ['{}', 'an empty object'],
    ['{a}', 'a member without a value'],
    ['{1: a}', 'a member that is a number'],
    ['[a,]', 'a list that ends in a comma'],
    ['f(a,)', 'arguments that end in a comma'],
    ['f(a b)', 'arguments without a comma'],
    ['&a', 'a reference outside a call'],
    ['"f"(a)', 'a quoted function name'],
    ['a[1:2:3:4]', 'a slice of four parts'],
    ['a[1 2]', 'two indices'],
    ['a[*', 'an open bracket'],
    ['a[?b', 'an open filter'],
    ['(a', 'an open parenthesis'],
    ["'a", 'text that does not end'],
    ['`a', 'a literal that does not end'],
    ['`"a`', 'a literal that is no JSON'],
    ['"\\x"', 'a quoted identifier that is no JSON'],
    ['a = b', 'a single equals sign'],
    ['a + b', 'arithmetic'],
    ['$', 'a root'],
    ['a -1', 'a number outside brackets'],
  ])('%s (%s)', (query) => {
    expect(codeOf(() => parseQuery(query))).toBe('POLICY_QUERY_SYNTAX');
  });

  it('is refused when it is too long or too deep, however it is nested', () => {
    const least = MAX_QUERY_HEIGHT + 1;
    expect(codeOf(() => parseQuery(' '.repeat(MAX_QUERY_CHARACTERS) + 'a'))).toBe(
      'POLICY_QUERY_SYNTAX',
    );
    expect(codeOf(() => parseQuery(' '.repeat(MAX_QUERY_CHARACTERS - 1) + 'a'))).toBeUndefined();
    for (const deep of [
      `${'('.repeat(least)}a${')'.repeat(least)}`,
      `${'!'.repeat(least)}a`,
      `a${'.a'.repeat(least)}`,
      `a${' || a'.repeat(least)}`,
      `a${'[0]'.repeat(least)}`,
      `${'['.repeat(least)}a${']'.repeat(least)}`,
    ]) {
      expect(codeOf(() => parseQuery(deep))).toBe('POLICY_QUERY_SYNTAX');
    }
  });
});

describe('a query that has no value', () => {
  it.each([
    ['none(a)', 'an unknown function'],
    ['abs()', 'too few arguments'],
    ['abs(a, a)', 'too many arguments'],
    ['merge()', 'too few of any number'],
    ["abs('a')", 'an argument of another type'],
    ['length(`1`)', 'an argument of another type'],
    ['sum(`[1, "a"]`)', 'an array of mixed types'],
    ['sort(`[true]`)', 'an array that has no order'],
    ['sort_by(`[1, 2]`, @)', 'a value in place of a reference'],
    ['abs(&a)', 'a reference in place of a value'],
    ['sort_by(`[{"a": 1}, {"a": "b"}]`, &a)', 'keys of mixed types'],
    ['sort_by(`[{"a": []}]`, &a)', 'keys that have no order'],
    ['`[1]`[::0]', 'a slice without direction'],
    ["equals_ignore_case(`1`, 'a')", 'a number compared as text'],
  ])('%s (%s)', (query) => {
    expect(codeOf(() => search(query, { a: 1 }))).toBe('POLICY_QUERY_FAILED');
  });
});

describe('bounds', () => {
  const doubling = (part: string): string => Array(40).fill(part).join(' | ');

  it.each([
    ['text that doubles', doubling("join('', [@, @])")],
    ['a value that doubles, compared with itself', `${doubling('[@, @]')} | [@, @] | [0] == [1]`],
    ['a value that doubles, made text', `${doubling('[@, @]')} | to_string(@)`],
    ['an array that doubles', doubling('[@, @][]')],
    ['nested projections', `${doubling('[@, @]')}${'[*]'.repeat(40)}`],
  ])('stop %s', (_name, query) => {
    expect(['POLICY_STEP_LIMIT', 'POLICY_JSON']).toContain(codeOf(() => search(query, 'aaaaaaaa')));
  });

  it('hold for any text over any document', () => {
    const part = fc.constantFrom(
      ...['a', '.', '*', '[]', '[*]', '[?', ']', '[0]', '[1:]', '[', '{a: ', '}', '(', ')', '@'],
      ...[
        ' | ',
        ' || ',
        ' && ',
        ' == ',
        '!',
        '&',
        ', ',
        '`1`',
        "'x'",
        'sort_by(',
        'map(&',
        'keys(',
      ],
    );
    const query = fc.array(part, { maxLength: 12 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(query, fc.jsonValue(), (text, document) => {
        const code = codeOf(() => search(text, document as JsonValue));
        expect([undefined, 'POLICY_QUERY_SYNTAX', 'POLICY_QUERY_FAILED', 'POLICY_JSON']).toContain(
          code,
        );
      }),
      { numRuns: 500 },
    );
  });
});
