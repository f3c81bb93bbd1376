import { CodedError } from '@touchstone/errors';

export type JointTrainerErrorCode =
  /** The plan of the study is not one. */
  | 'PLAN_INVALID'
  /** The enclave was not told yet what study it is for. */
  | 'PLAN_MISSING'
  | 'REQUEST_INVALID'
  /** The plan names nobody by that name. */
  | 'PARTICIPANT_UNKNOWN'
  /** Encrypted data of which the plan does not have the SHA-256. */
  | 'DATA_NOT_IN_PLAN'
  | 'DATA_MISSING'
  /** Not every participant of the plan has let its key be released to this enclave. */
  | 'RELEASES_MISSING'
  /** The participants' images are not of one size, or not in the same classes. */
  | 'SHARES_DIFFER'
  /** There is no joint model yet. */
  | 'MODEL_MISSING'
  /** A request or an answer does not open under this participant's key. */
  | 'INFERENCE_REFUSED'
  | 'INFERENCE_MALFORMED'
  /** A request that was answered before, or an answer to another request. */
  | 'INFERENCE_REPLAYED';

export class JointTrainerError extends CodedError<JointTrainerErrorCode> {}
