import * as face from './index';

describe('the public face', () => {
  it('is these names', () => {
    expect(Object.keys(face).sort()).toEqual([
      'KEY_WRAP_ALGORITHMS',
      'KeyWrapError',
      'MAX_KEK_BITS',
      'MAX_KEY_HSM_CHARACTERS',
      'MAX_WRAPPED_KEY_BYTES',
      'MIN_KEK_BITS',
      'aesUnwrapPad',
      'aesWrapPad',
      'decodeKeyHsm',
      'encodeKeyHsm',
      'isKeyWrapAlgorithm',
      'unwrapKey',
      'wrapKey',
    ]);
  });
});
