import * as face from './index';

describe('the public face', () => {
  it('is what others may build on', () => {
    expect(Object.keys(face).sort()).toEqual([
      'EnclaveHostError',
      'MAX_CONCURRENT_RUNS',
      'MAX_DATASET_BYTES',
      'MAX_ECALL_MILLISECONDS',
      'MAX_ENDED_ENCLAVES',
      'MAX_LOG_CHARACTERS',
      'MAX_LOG_ENTRIES',
      'MAX_RUNNING_ENCLAVES',
      'MAX_RUN_MILLISECONDS',
      'SECRET_SHARING_IMAGE',
      'collectDataset',
      'createEnclaveHost',
      'createPckCertificates',
      'createSecretSharing',
      'openProcessor',
      'signImages',
    ]);
  });
});
