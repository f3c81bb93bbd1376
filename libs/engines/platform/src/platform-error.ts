import { CodedError, hasCode } from '@touchstone/errors';

/** Status names of the SGX instruction set and of its SDK; `SGX_GP` stands for a general-protection fault (#GP). */
export type PlatformErrorCode =
  | 'SGX_INVALID_SIG_STRUCT'
  | 'SGX_INVALID_SIGNATURE'
  | 'SGX_INVALID_MEASUREMENT'
  | 'SGX_INVALID_ATTRIBUTE'
  | 'SGX_INVALID_EINITTOKEN'
  | 'SGX_INVALID_KEYNAME'
  | 'SGX_INVALID_ISVSVN'
  | 'SGX_INVALID_CPUSVN'
  | 'SGX_INVALID_FUSES'
  | 'SGX_INVALID_SIGNING_KEY'
  | 'SGX_ENCLAVE_LOST'
  | 'SGX_GP';

/** An instruction of the simulated processor refused; `field` names the structure member at fault. */
export class PlatformError extends CodedError<PlatformErrorCode> {}

/** Runs a reader or writer of a structure and gives its failures a status of the processor, keeping the field. */
export function asPlatformError<T>(code: PlatformErrorCode, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!hasCode(error) || error instanceof PlatformError) throw error;
    const field = error.field === undefined ? {} : { field: error.field };
    throw new PlatformError(code, error.message, { ...field, cause: error });
  }
}
