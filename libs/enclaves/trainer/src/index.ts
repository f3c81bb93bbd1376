// What a data owner needs. The enclave itself is `enclave/main.ts`, which is bundled and measured, never imported.
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
export { classify, decodeModel, decryptModel, encodeModel } from './model';
export type { Model } from './model';
export { TrainerError } from './trainer-error';
export type { TrainerErrorCode } from './trainer-error';
