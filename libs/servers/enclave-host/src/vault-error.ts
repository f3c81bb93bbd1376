import { CodedError } from '@touchstone/errors';
import type { CodedErrorOptions } from '@touchstone/errors';
import type { Refusal } from '@touchstone/enclave-rpc';

export type VaultErrorCode = 'VAULT_REFUSED' | 'VAULT_UNAVAILABLE';

interface VaultErrorOptions extends CodedErrorOptions {
  readonly refusal?: Refusal;
}

/** A key vault said no, as `refusal` repeats, or said nothing that can be used. */
export class VaultError extends CodedError<VaultErrorCode> {
  declare readonly refusal?: Refusal;

  constructor(code: VaultErrorCode, message: string, options: VaultErrorOptions = {}) {
    super(code, message, options);
    if (options.refusal !== undefined) this.refusal = options.refusal;
  }
}
