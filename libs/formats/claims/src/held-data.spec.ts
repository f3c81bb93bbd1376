import { fromUtf8 } from '@touchstone/bytes';
import { hasCode } from '@touchstone/errors';
import { heldDataType, heldObject } from './held-data';

describe('heldDataType', () => {
  it.each([
    ['JSON', 'JSON'],
    ['json', 'JSON'],
    ['binary', 'Binary'],
    ['Text', undefined],
    ['', undefined],
  ])('reads %j as %p', (name, expected) => {
    expect(heldDataType(name)).toBe(expected);
  });
});

describe('heldObject', () => {
  it('gives the object', () => {
    const bytes = fromUtf8(' {"keys":[]}\n');
    expect(heldObject({ bytes, dataType: 'JSON' })).toEqual({ keys: [] });
  });

  it('refuses bytes that are not UTF-8', () => {
    let caught: unknown;
    try {
      heldObject({ bytes: new Uint8Array([0x7b, 0xff, 0x7d]), dataType: 'JSON' });
    } catch (error) {
      caught = error;
    }
    expect(hasCode(caught, 'BYTES_INVALID_UTF8')).toBe(true);
  });
});
