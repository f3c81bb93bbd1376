import { CodedError } from '@touchstone/errors';
import type { Check } from '@touchstone/decision';

export type AppraisalErrorCode =
  | 'APPRAISAL_BASELINE'
  | 'APPRAISAL_BASELINE_UNKNOWN'
  | 'APPRAISAL_COLLATERAL_EXPIRED'
  | 'APPRAISAL_NOT_SGX'
  | 'APPRAISAL_INIT_DATA_NOT_SUPPORTED'
  | 'APPRAISAL_INIT_DATA_BINDING';

/** Proven evidence that still cannot become claims; `checks` end with the one that failed. */
export class AppraisalError extends CodedError<AppraisalErrorCode> {
  readonly checks: readonly Check[];

  constructor(code: AppraisalErrorCode, message: string, checks: readonly Check[], field?: string) {
    super(code, message, field === undefined ? {} : { field });
    this.checks = checks;
  }
}
