import { CodedError } from '@touchstone/errors';

export type ClassifierErrorCode =
  /** The bytes are no data set, or it is larger than its limits. */
  | 'DATASET_MALFORMED'
  /** The encrypted data set does not open under this key: another key, or changed bytes. */
  | 'DATASET_REFUSED'
  /** What a data set or model is to be encrypted under is no 256-bit key. */
  | 'DATA_KEY_UNSUITABLE'
  | 'MODEL_MALFORMED'
  /** The encrypted model does not open under this key. */
  | 'MODEL_REFUSED';

export class ClassifierError extends CodedError<ClassifierErrorCode> {}
