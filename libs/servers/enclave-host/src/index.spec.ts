import * as face from './index';

describe('the public face', () => {
  it('is what others may build on', () => {
    expect(Object.keys(face).sort()).toEqual([
      'AUTHOR_KEY_FILE',
      'DEFAULT_MODEL',
      'ManufacturingError',
      'STATUSES',
      'createEnclaveHostServer',
      'newEnclaveAuthor',
      'openAuthorKey',
      'readBuiltEnclave',
      'readImages',
      'readSecretSharing',
      'startEnclaveHost',
      'withOneByteChanged',
    ]);
  });
});
