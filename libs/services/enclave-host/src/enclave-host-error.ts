import { CodedError } from '@touchstone/errors';

export type EnclaveHostErrorCode =
  | 'HOST_IMAGE_UNKNOWN'
  | 'HOST_REQUEST_INVALID'
  | 'HOST_ENCLAVE_UNKNOWN'
  /** As many enclaves run as the machine has room for. */
  | 'HOST_ENCLAVES_FULL'
  /** As many runs are under way as the machine has room for. */
  | 'HOST_RUNS_FULL'
  /** The attestation provider or the vault is none of those that this host may talk to. */
  | 'HOST_ENDPOINT_REFUSED'
  /** There is no PCK certificate, cached or to be had. */
  | 'HOST_PCK_UNAVAILABLE'
  /** The data set is larger than its limit or than was announced, or shorter. */
  | 'HOST_DATASET_INVALID'
  /** What an enclave answered is not what its kind of enclave answers. */
  | 'HOST_ENCLAVE_ANSWER'
  /** Evidence that does not say which platform it is of. */
  | 'HOST_EVIDENCE_UNREADABLE'
  /** The guide's service has no such command. */
  | 'HOST_COMMAND_UNKNOWN'
  /** What is kept of the processor cannot be read. */
  | 'HOST_PROCESSOR_UNREADABLE'
  /** The caller of a run has gone. */
  | 'HOST_RUN_CANCELLED';

export class EnclaveHostError extends CodedError<EnclaveHostErrorCode> {}
