import { CodedError } from '@touchstone/errors';

export type TrainerErrorCode =
  /** The bytes are no data set, or it is larger than its limits. */
  | 'TRAINER_DATASET_MALFORMED'
  /** The encrypted data set does not open under this key: another key, or changed bytes. */
  | 'TRAINER_DATASET_REFUSED'
  /** The key vault's answer is not the signed document that a release gives. */
  | 'TRAINER_RELEASE_MALFORMED'
  /** The key vault's answer is signed by nobody, or answers another request. */
  | 'TRAINER_RELEASE_REFUSED'
  /** What was released is no 256-bit key. */
  | 'TRAINER_KEY_UNSUITABLE'
  | 'TRAINER_MODEL_MALFORMED'
  /** The encrypted model does not open under this key. */
  | 'TRAINER_MODEL_REFUSED'
  | 'TRAINER_REQUEST_MALFORMED';

export class TrainerError extends CodedError<TrainerErrorCode> {}
