import { CodedError } from '@touchstone/errors';
import type { CodedErrorOptions } from '@touchstone/errors';

export type VaultClientErrorCode =
  /** The vault said no: `refusal` is how. */
  | 'VAULT_REFUSED'
  /** The vault's answer is none of the API. */
  | 'VAULT_ANSWER_INVALID';

/** What the vault answered, as it stands on the wire. */
export interface VaultRefusal {
  readonly status: number;
  readonly code: string;
  readonly innerCode?: string;
  readonly message: string;
  /** Under which the vault keeps its decision record. */
  readonly requestId?: string;
}

export class VaultClientError extends CodedError<VaultClientErrorCode> {
  declare readonly refusal?: VaultRefusal;

  constructor(
    code: VaultClientErrorCode,
    message: string,
    options: CodedErrorOptions & { refusal?: VaultRefusal } = {},
  ) {
    super(code, message, options);
    if (options.refusal !== undefined) this.refusal = options.refusal;
  }
}
