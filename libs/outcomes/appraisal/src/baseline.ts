import type { CheckLog } from '@touchstone/decision';
import type { PolicyProperties } from '@touchstone/policy';
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
}

const NOT_OUT_OF_DATE = [
  'UpToDate',
  'SWHardeningNeeded',
  'ConfigurationNeeded',
  'ConfigurationAndSWHardeningNeeded',
] as const;

/** `azuredefault` is what a provider has unless told otherwise; `current` takes no platform that Intel calls out of date. */
export const BASELINES = {
  azuredefault: {
    name: 'azuredefault',
    acceptedTcbStatuses: [...NOT_OUT_OF_DATE, 'OutOfDate', 'OutOfDateConfigurationNeeded'],
  },
  current: { name: 'current', acceptedTcbStatuses: NOT_OUT_OF_DATE },
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
  const { status } = verified.tcb;
  const details = {
    read: status,
    expected: baseline.acceptedTcbStatuses.join(' | '),
    detail: `baseline ${baseline.name}; advisories: ${allAdvisories(verified).join(', ') || 'none'}`,
  };
  if (baseline.acceptedTcbStatuses.includes(status)) {
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

/** The property by which a policy chooses a baseline, and the only value that names one here. */
const BASELINE_PROPERTY = 'x-ms-sgx-tcbidentifier';
const DEFAULT_BASELINE = 'azuredefault';

/**
 * A policy that asks for a baseline that we do not have must not be judged by another.
 *
 * @throws AppraisalError APPRAISAL_BASELINE_UNKNOWN
 */
export function assertKnownBaseline(configuration: PolicyProperties, log: CheckLog): void {
  const asked = configuration[BASELINE_PROPERTY];
  if (asked === undefined) return;
  const details = { read: String(asked), expected: DEFAULT_BASELINE };
  if (asked === DEFAULT_BASELINE) {
    log.passed('policy-baseline', details);
    return;
  }
  const code = 'APPRAISAL_BASELINE_UNKNOWN';
  log.failed('policy-baseline', { ...details, code });
  throw new AppraisalError(
    code,
    'the policy names a baseline that does not exist',
    log.checks,
    BASELINE_PROPERTY,
  );
}

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
