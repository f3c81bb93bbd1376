import { CodedError } from '@touchstone/errors';

export type FaultErrorCode =
  | 'FAULT_NOT_LOCAL'
  | 'FAULT_UNKNOWN'
  | 'FAULT_REFUSED'
  | 'FAULT_PLATFORM_UNKNOWN'
  | 'FAULT_PLATFORM_AMBIGUOUS'
  | 'FAULT_USAGE';

/** Why an event could not be brought about in the simulated world. */
export class FaultError extends CodedError<FaultErrorCode> {}
