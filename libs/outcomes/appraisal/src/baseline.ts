import type { CheckLog } from '@touchstone/decision';
import {
  allAdvisories,
  type DatedDocument,
  type TcbStatus,
  type VerifiedQuote,
} from '@touchstone/verification';
import { AppraisalError } from './appraisal-error';
import type { CollateralRules } from './collateral-rules';

/** Which platforms a provider takes before its policy is asked, and what it asks of the documents they are judged by. */
export interface Baseline extends CollateralRules {
  readonly name: string;
  readonly acceptedTcbStatuses: readonly TcbStatus[];
  /** Takes platforms that are out of date as well when their TCB level is not older than this. */
  readonly minimumTcbDate?: Date;
}

const OUT_OF_DATE = ['OutOfDate', 'OutOfDateConfigurationNeeded'] as const;

/** Statuses of a platform that lacks no update. */
export const CURRENT_TCB_STATUSES = [
  'UpToDate',
  'SWHardeningNeeded',
  'ConfigurationNeeded',
  'ConfigurationAndSWHardeningNeeded',
] as const;

/** `azuredefault` is what a provider has unless told otherwise; `current` takes no platform that Intel calls out of date. */
export const BASELINES = {
  azuredefault: {
    name: 'azuredefault',
    acceptedTcbStatuses: [...CURRENT_TCB_STATUSES, ...OUT_OF_DATE],
  },
  current: { name: 'current', acceptedTcbStatuses: CURRENT_TCB_STATUSES },
} as const satisfies Record<string, Baseline>;

/** Documents that may be past their date: Azure looks at the dates of certificates and CRLs alone. */
const MAY_BE_EXPIRED: readonly DatedDocument[] = ['tcb-info', 'qe-identity'];

/**
 * The service's own rule, before any policy.
 *
 * @throws AppraisalError APPRAISAL_BASELINE or APPRAISAL_COLLATERAL_EXPIRED
 */
export function assertBaseline(verified: VerifiedQuote, baseline: Baseline, log: CheckLog): void {
  assertFresh(verified.collateral.expired, log);
  const { status, date } = verified.tcb;
  const { acceptedTcbStatuses, minimumTcbDate } = baseline;
  const details = {
    read: minimumTcbDate ? `${status} of ${date.toISOString()}` : status,
    expected: [
      ...acceptedTcbStatuses,
      ...(minimumTcbDate ? [`a level of ${minimumTcbDate.toISOString()} or later`] : []),
    ].join(' | '),
    detail: `baseline ${baseline.name}; advisories: ${allAdvisories(verified).join(', ') || 'none'}`,
  };
  if (acceptedTcbStatuses.includes(status) || isYoung(verified, minimumTcbDate)) {
    log.passed('tcb-baseline', details);
    return;
  }
  log.failed('tcb-baseline', { ...details, code: 'APPRAISAL_BASELINE' });
  throw new AppraisalError(
    'APPRAISAL_BASELINE',
    `the platform is ${status}`,
    log.checks,
    'tcbStatus',
  );
}

const isYoung = ({ tcb }: VerifiedQuote, minimum: Date | undefined): boolean =>
  minimum !== undefined &&
  (OUT_OF_DATE as readonly TcbStatus[]).includes(tcb.status) &&
  tcb.date >= minimum;

function assertFresh(expired: readonly DatedDocument[], log: CheckLog): void {
  const refused = expired.filter((name) => !MAY_BE_EXPIRED.includes(name));
  if (refused.length > 0) {
    const read = refused.join(', ');
    log.failed('collateral-dates', {
      read,
      expected: 'within their dates',
      code: 'APPRAISAL_COLLATERAL_EXPIRED',
    });
    throw new AppraisalError(
      'APPRAISAL_COLLATERAL_EXPIRED',
      `expired: ${read}`,
      log.checks,
      refused[0],
    );
  }
  if (expired.length > 0)
    log.noted('collateral-dates', { read: expired.join(', '), detail: 'expired, and tolerated' });
  else log.passed('collateral-dates');
}
