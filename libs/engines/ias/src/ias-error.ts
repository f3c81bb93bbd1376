import type { Check } from '@touchstone/decision';
import { CodedError } from '@touchstone/errors';

export type IasErrorCode =
  /** The report is no JSON object with the members that its version has. */
  | 'AVR_MALFORMED'
  | 'AVR_VERSION_UNSUPPORTED'
  /** What should carry report, signature and certificate together does not. */
  | 'AVR_ENVELOPE_MALFORMED'
  | 'AVR_TOO_LARGE'
  | 'AVR_SIGNER_MISSING'
  | 'AVR_SIGNER_UNSUITABLE'
  | 'AVR_SIGNER_UNTRUSTED'
  | 'AVR_INVALID_SIGNATURE'
  /** The service itself says, signed, that the quote is not to be believed. */
  | 'EPID_SIGNATURE_INVALID'
  | 'EPID_GROUP_REVOKED'
  | 'EPID_SIGNATURE_REVOKED'
  | 'EPID_KEY_REVOKED'
  | 'EPID_SIGRL_VERSION_MISMATCH';

export interface IasErrorDetails {
  readonly field?: string;
  readonly cause?: unknown;
  readonly checks?: readonly Check[];
}

/** A report that cannot be read or believed; `field` is named as the report names it. */
export class IasError extends CodedError<IasErrorCode> {
  /** Every check up to and including the one that failed; empty when there was nothing to check yet. */
  readonly checks: readonly Check[];

  constructor(
    code: IasErrorCode,
    message: string,
    { checks = [], ...options }: IasErrorDetails = {},
  ) {
    super(code, message, options);
    this.checks = checks;
  }
}
