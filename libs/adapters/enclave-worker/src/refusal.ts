import { CodedError } from '@touchstone/errors';
import { MAX_ERROR_CHARACTERS, MAX_NAME_CHARACTERS } from './protocol';

/** What an enclave is told of a failure outside: a coded error's code and text, of any other nothing. */
export const refusalOf = (
  error: unknown,
): { readonly kind: 'refusal'; readonly code: string; readonly message: string } =>
  error instanceof CodedError
    ? {
        kind: 'refusal',
        code: error.code.slice(0, MAX_NAME_CHARACTERS),
        message: error.message.slice(0, MAX_ERROR_CHARACTERS),
      }
    : { kind: 'refusal', code: 'ENCLAVE_OCALL_FAILED', message: 'the host failed' };
