import { hasCode } from '@touchstone/errors';
import fc from 'fast-check';
import { canonicalJson } from './canonical-json';

describe('canonicalJson', () => {
  it('sorts nested members and writes no white space', () => {
    const value = { b: { d: 1, c: [{ z: 0, y: 'ü' }] }, a: true, B: null };
    expect(canonicalJson(value)).toBe('{"B":null,"a":true,"b":{"c":[{"y":"ü","z":0}],"d":1}}');
  });

  it('orders names by their bytes, not by UTF-16 units', () => {
    expect(canonicalJson({ '\u{1f600}': 1, '\uff5e': 2 })).toBe('{"\uff5e":2,"\u{1f600}":1}');
  });

  it('keeps every value', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('leaves undefined members out', () => {
    expect(canonicalJson({ a: undefined, b: 1 })).toBe('{"b":1}');
  });

  it('writes integers beyond 2^53 exactly', () => {
    expect(canonicalJson({ n: 9007199254740993n })).toBe('{"n":9007199254740993}');
  });

  it.each([[Number.NaN], [undefined], [Symbol('s')], [[undefined]]])('refuses %p', (value) => {
    let caught: unknown;
    try {
      canonicalJson(value);
    } catch (error) {
      caught = error;
    }
    expect(hasCode(caught, 'CLAIMS_NOT_JSON')).toBe(true);
  });
});
