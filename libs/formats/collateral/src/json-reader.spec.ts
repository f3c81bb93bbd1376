import fc from 'fast-check';
import { failureOf } from './__fixtures__/documents';
import {
  type Json,
  JsonObject,
  MAX_DOCUMENT_CHARACTERS,
  MAX_JSON_DEPTH,
  MAX_JSON_VALUES,
  readJson,
} from './json-reader';

/** Back to what `JSON.parse` gives. */
function plain(value: Json): unknown {
  if (value instanceof JsonObject) {
    return Object.fromEntries([...value.members].map(([name, member]) => [name, plain(member)]));
  }
  return Array.isArray(value) ? value.map(plain) : value;
}

const json = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5 },
    fc.constant(null),
    fc.boolean(),
    fc.integer(),
    fc.string({ unit: 'binary' }),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.string(), tie('value'), { maxKeys: 4, noNullPrototype: true }),
  ),
})).value;

describe('readJson', () => {
  it('reads what JSON.parse reads, compact or spread out', () => {
    fc.assert(
      fc.property(json, fc.nat(3), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        expect(plain(readJson(text))).toEqual(JSON.parse(text));
      }),
    );
  });

  it('knows where each object stands', () => {
    const text = ' {"a" : {"b":"}{\\"}","c":[{}]} }';
    const root = readJson(text);
    const inner = root instanceof JsonObject ? root.members.get('a') : undefined;
    expect(inner instanceof JsonObject && text.slice(inner.start, inner.end)).toBe(
      '{"b":"}{\\"}","c":[{}]}',
    );
  });

  it.each([
    ['nothing', ''],
    ['an open object', '{"a":1'],
    ['an open string', '{"a'],
    ['an open escape', '"\\'],
    ['a missing colon', '{"a" 1}'],
    ['a missing comma', '[1 2]'],
    ['a last comma', '[1,]'],
    ['a last comma in an object', '{"a":1,}'],
    ['a bare name', '{a:1}'],
    ['single quotes', "{'a':1}"],
    ['two documents', '{}{}'],
    ['text behind', '{}x'],
    ['a byte-order mark', '\ufeff{}'],
    ['a control character in a string', '"\n"'],
    ['an unknown escape', '"\\x41"'],
    ['a comment', '{}/**/'],
    ['another space', '\u00a0{}'],
    ['a fraction', '1.0'],
    ['an exponent', '1e1'],
    ['a leading zero', '01'],
    ['a plus sign', '+1'],
    ['minus zero', '-0'],
    ['an integer of 17 digits', '12345678901234567'],
    ['NaN', 'NaN'],
    ['a name that appears twice', '{"a":1,"b":2,"a":1}'],
    ['a name that appears twice, once escaped', '{"a":1,"\\u0061":2}'],
  ])('refuses %s', (_name, text) => {
    expect(failureOf(() => readJson(text))).toBe('COLLATERAL_JSON_MALFORMED');
  });

  it('keeps names that mean something to JavaScript apart from it', () => {
    const root = readJson('{"__proto__":1,"constructor":2}');
    expect(root instanceof JsonObject && [...root.members]).toEqual([
      ['__proto__', 1],
      ['constructor', 2],
    ]);
  });

  it.each([
    ['too deep', '['.repeat(MAX_JSON_DEPTH + 2)],
    ['very much too deep', '[{"a":'.repeat(20_000)],
    ['too many', `[${'1,'.repeat(MAX_JSON_VALUES)}1]`],
    ['too long', ' '.repeat(MAX_DOCUMENT_CHARACTERS + 1)],
  ])('stops at %s', (_name, text) => {
    expect(failureOf(() => readJson(text))).toBe('COLLATERAL_LIMIT_EXCEEDED');
  });
});
