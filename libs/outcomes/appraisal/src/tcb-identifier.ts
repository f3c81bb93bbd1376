import type { CheckLog } from '@touchstone/decision';
import type { PolicyProperties } from '@touchstone/policy';
import { AppraisalError } from './appraisal-error';
import { CURRENT_TCB_STATUSES, type Baseline } from './baseline';

/** A baseline as Azure publishes it (`/tcbbaselines`). */
export interface PublishedBaseline {
  readonly evaluationDataNumber: number;
  readonly released: Date;
  /** Versions of Intel's platform software that come with it. */
  readonly minimumPswWindows: string;
  readonly minimumPswLinux: string;
}

const published = (
  evaluationDataNumber: number,
  day: string,
  minimumPswWindows: string,
  minimumPswLinux: string,
): PublishedBaseline => ({
  evaluationDataNumber,
  released: new Date(`${day}T00:00:00Z`),
  minimumPswWindows,
  minimumPswLinux,
});

/** TCB recoveries that a policy can name, oldest first. */
export const PUBLISHED_BASELINES: readonly PublishedBaseline[] = [
  published(10, '2020-11-11', '2.7.101.2', '2.9'),
  published(11, '2021-06-09', '2.13.100.2', '2.13.3'),
  published(12, '2021-11-10', '2.13.100.2', '2.13.3'),
  published(13, '2022-08-09', '2.16', '2.17'),
  published(14, '2022-11-08', '2.16', '2.17'),
  published(15, '2023-02-14', '2.16', '2.17'),
];

/** What a policy names that says nothing. */
export const DEFAULT_TCB_IDENTIFIER = 'azuredefault';
/** The property by which a policy chooses a baseline. */
const PROPERTY = 'x-ms-sgx-tcbidentifier';
const NUMBER = /^[1-9][0-9]{0,5}$/;

/** The value of the property as it stands; any value, also one that names nothing. */
export const tcbIdentifier = (configuration: PolicyProperties): string =>
  String(configuration[PROPERTY] ?? DEFAULT_TCB_IDENTIFIER);

/** The evaluation that a policy names; undefined when it names none. */
export function evaluationAsked(configuration: PolicyProperties): number | undefined {
  const identifier = tcbIdentifier(configuration);
  return NUMBER.test(identifier) ? Number(identifier) : undefined;
}

/** Numbers of Intel's evaluations. */
export interface Evaluations {
  /** That of the TCB info which the platform was judged by. */
  readonly judgedBy: number;
  /** The newest one that is known to be. */
  readonly newest: number;
}

/**
 * The baseline that a policy chooses. `azuredefault` is the service's own. A number is one of Intel's evaluations: TCB
 * info that is not beyond it decides by its status; newer TCB info by the date of the platform's level, as far as the
 * date of that evaluation is published, and by its stricter status otherwise.
 *
 * @throws AppraisalError APPRAISAL_BASELINE_UNKNOWN: what is asked for must not be replaced by something else
 */
export function chooseBaseline(
  configuration: PolicyProperties,
  standing: Baseline,
  { judgedBy, newest }: Evaluations,
  log: CheckLog,
): Baseline {
  const identifier = tcbIdentifier(configuration);
  const number = evaluationAsked(configuration);
  const known = PUBLISHED_BASELINES.find((one) => one.evaluationDataNumber === number);
  const details = { read: identifier, expected: `${DEFAULT_TCB_IDENTIFIER}, or an evaluation` };
  if (identifier === DEFAULT_TCB_IDENTIFIER) {
    if (configuration[PROPERTY] !== undefined) log.passed('policy-baseline', details);
    return standing;
  }
  if (number === undefined || (!known && number > newest)) {
    const code = 'APPRAISAL_BASELINE_UNKNOWN';
    log.failed('policy-baseline', { ...details, code });
    const message = 'the policy names a baseline that does not exist';
    throw new AppraisalError(code, message, log.checks, PROPERTY);
  }
  log.passed('policy-baseline', details);
  return {
    ...standing,
    name: identifier,
    acceptedTcbStatuses: CURRENT_TCB_STATUSES,
    ...(known && judgedBy > number && { minimumTcbDate: known.released }),
  };
}
