import { CodedError } from '@touchstone/errors';

export type TrainerErrorCode =
  /** The bytes are no data set, or it is larger than its limits. */
  | 'TRAINER_DATASET_MALFORMED'
  /** The encrypted data set does not open under this key: another key, or changed bytes. */
  | 'TRAINER_DATASET_REFUSED'
  /** What a data set or model is to be encrypted under is no 256-bit key. */
  | 'TRAINER_KEY_UNSUITABLE'
  | 'TRAINER_MODEL_MALFORMED'
  /** The encrypted model does not open under this key. */
  | 'TRAINER_MODEL_REFUSED';

export class TrainerError extends CodedError<TrainerErrorCode> {}
