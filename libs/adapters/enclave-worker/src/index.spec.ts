import * as face from './index';

describe('the public face', () => {
  it('is what others may build on', () => {
    expect(Object.keys(face).sort()).toEqual([
      'ALLOWED_GLOBALS',
      'ALLOWED_MODULES',
      'EnclaveWorkerError',
      'MAX_MESSAGE_BYTES',
      'startEnclaveWorker',
    ]);
  });
});
