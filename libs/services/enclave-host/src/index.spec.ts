import * as face from './index';

describe('the public face', () => {
  it('is what others may build on', () => {
    expect(Object.keys(face).sort()).toEqual([
      'EnclaveHostError',
      'MAX_CONCURRENT_RUNS',
      'MAX_DATASET_BYTES',
      'MAX_ECALL_MILLISECONDS',
      'MAX_ENDED_ENCLAVES',
      'MAX_RUNNING_ENCLAVES',
      'MAX_RUN_MILLISECONDS',
      'collectDataset',
      'createEnclaveHost',
      'createPckCertificates',
      'openProcessor',
      'signImages',
    ]);
  });
});
