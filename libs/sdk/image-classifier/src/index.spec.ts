import * as face from './index';

describe('the public face', () => {
  it('is what others may build on', () => {
    expect(Object.keys(face).sort()).toEqual([
      'ClassifierError',
      'MAX_CLASSES',
      'MAX_ENCRYPTED_DATASET_BYTES',
      'MAX_PIXELS',
      'MAX_SIDE_PIXELS',
      'TRAINING',
      'classify',
      'decodeDataset',
      'decodeModel',
      'decryptDataset',
      'decryptModel',
      'encodeDataset',
      'encodeModel',
      'encryptDataset',
      'encryptModel',
      'heldOutAccuracy',
      'train',
    ]);
  });
});
