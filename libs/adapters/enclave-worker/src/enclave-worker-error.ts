import { CodedError } from '@touchstone/errors';
import type { CodedErrorOptions } from '@touchstone/errors';

export type EnclaveWorkerErrorCode =
  /** The code is no UTF-8 script that yields an enclave, or it failed while it started. */
  | 'ENCLAVE_START_FAILED'
  /** The enclave has no ECALL of this name. */
  | 'ENCLAVE_ECALL_UNKNOWN'
  /** As many ECALLs are inside as the enclave has threads. */
  | 'ENCLAVE_OUT_OF_THREADS'
  /** A message is larger than its limit. */
  | 'ENCLAVE_MESSAGE_TOO_LARGE'
  /** The enclave answered an ECALL with an error of its own: `enclaveCode` names it. It goes on running. */
  | 'ENCLAVE_ECALL_FAILED'
  /** The ECALL did not return in time; the enclave was ended, for nothing else stops a loop. */
  | 'ENCLAVE_DEADLINE_EXCEEDED'
  /** Its heap is full; it ended. */
  | 'ENCLAVE_OUT_OF_MEMORY'
  /** An exception left the enclave, or it broke the rules of its port; it ended. */
  | 'ENCLAVE_CRASHED'
  /** The host ended it. */
  | 'ENCLAVE_TERMINATED';

interface EnclaveWorkerErrorOptions extends CodedErrorOptions {
  readonly enclaveCode?: string;
}

export class EnclaveWorkerError extends CodedError<EnclaveWorkerErrorCode> {
  /** With ENCLAVE_ECALL_FAILED: the code that the enclave gave its error, `ENCLAVE_ERROR` when it gave none. */
  declare readonly enclaveCode?: string;

  constructor(
    code: EnclaveWorkerErrorCode,
    message: string,
    options: EnclaveWorkerErrorOptions = {},
  ) {
    super(code, message, options);
    if (options.enclaveCode !== undefined) this.enclaveCode = options.enclaveCode;
  }
}
