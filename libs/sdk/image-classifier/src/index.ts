export { ClassifierError } from './classifier-error';
export type { ClassifierErrorCode } from './classifier-error';
export {
  decodeDataset,
  decryptDataset,
  encodeDataset,
  encryptDataset,
  MAX_CLASSES,
  MAX_ENCRYPTED_DATASET_BYTES,
  MAX_PIXELS,
  MAX_SIDE_PIXELS,
} from './dataset';
export type { Dataset } from './dataset';
export { heldOutAccuracy } from './evaluation';
export { classify, decodeModel, decryptModel, encodeModel, encryptModel } from './model';
export type { Model } from './model';
export { train, TRAINING } from './training';
export type { EpochReport } from './training';
