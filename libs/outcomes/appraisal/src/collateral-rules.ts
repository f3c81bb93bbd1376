import type { CheckLog } from '@touchstone/decision';
import {
  pinnedEvaluation,
  type EvaluationPin,
  type OfferedEvaluations,
  type VerifiedQuote,
} from '@touchstone/verification';
import { AppraisalError } from './appraisal-error';

/** What is asked of the documents that a platform is judged by, beyond their own dates. */
export interface CollateralRules {
  /** The evaluation that TCB info and identity must both have reached. Left out: any. */
  readonly minimumEvaluation?: EvaluationPin;
  /** Age of TCB info and identity since their issue, at most. Left out: any. */
  readonly maximumAgeMs?: number;
}

/**
 * Documents that were taken back by Intel, or that nobody renewed, must not hide a recovery: each rule is a check of its
 * own, and is not mentioned when it is not set.
 *
 * @throws AppraisalError APPRAISAL_BASELINE (field `tcbEvaluationDataNumber`), APPRAISAL_COLLATERAL_EXPIRED (field `issueDate`)
 */
export function assertCollateralRules(
  verified: VerifiedQuote,
  { minimumEvaluation, maximumAgeMs }: CollateralRules,
  offered: OfferedEvaluations | undefined,
  log: CheckLog,
): void {
  if (minimumEvaluation !== undefined) assertEvaluation(verified, minimumEvaluation, offered, log);
  if (maximumAgeMs !== undefined) assertAge(verified, maximumAgeMs, log);
}

function assertEvaluation(
  { collateral }: VerifiedQuote,
  pin: EvaluationPin,
  offered: OfferedEvaluations | undefined,
  log: CheckLog,
): void {
  const wanted = pinnedEvaluation(pin, offered);
  const name = typeof pin === 'number' ? '' : ` (${pin})`;
  const details = {
    read: `${collateral.evaluationDataNumber}`,
    expected: `${wanted ?? 'an evaluation that is not known'}${name}, at least`,
  };
  // A name that nobody can put a number to is not met: refusing is the safe side.
  if (wanted !== undefined && collateral.evaluationDataNumber >= wanted) {
    log.passed('collateral-evaluation', details);
    return;
  }
  const code = 'APPRAISAL_BASELINE';
  log.failed('collateral-evaluation', { ...details, code });
  throw new AppraisalError(
    code,
    'the collateral is of too early an evaluation',
    log.checks,
    'tcbEvaluationDataNumber',
  );
}

function assertAge({ collateral, provenAt }: VerifiedQuote, limit: number, log: CheckLog): void {
  const age = provenAt.getTime() - collateral.oldestDocument.getTime();
  const details = { read: seconds(age), expected: `${seconds(limit)}, at most` };
  if (age <= limit) {
    log.passed('collateral-age', details);
    return;
  }
  const code = 'APPRAISAL_COLLATERAL_EXPIRED';
  log.failed('collateral-age', { ...details, code });
  throw new AppraisalError(code, 'the collateral is too old', log.checks, 'issueDate');
}

const seconds = (ms: number): string => `${Math.round(ms / 1000)} s`;
