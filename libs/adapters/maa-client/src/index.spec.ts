import * as face from './index';

describe('the public face', () => {
  it('is what others may build on', () => {
    expect(Object.keys(face).sort()).toEqual([
      'MAX_ANSWER_BYTES',
      'MaaClientError',
      'createMaaClient',
    ]);
  });
});
