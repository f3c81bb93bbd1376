import { AuthorityError } from './authority-error';
import type { Tcb } from './svn';

/**
 * A TCB recovery: from its event on, TCB levels below the raised one are out of date in the documents that carry its
 * evaluation number. With nothing raised it is a mere re-evaluation.
 */
export interface TcbRecovery {
  readonly evaluationDataNumber: number;
  /** The day of public disclosure: `update=early` follows at once. */
  readonly recoveryEventDate: Date;
  /** The `tcbDate` that a level must carry to count as up to date under this number. */
  readonly tcbDate: Date;
  /** When `update=standard` follows; absent while only `early` does. */
  readonly enforcedFrom?: Date;
  readonly advisoryIds: readonly string[];
  /** Added to every model's newest level. */
  readonly raises: Tcb;
  /** Added to the newest ISVSVN of the Quoting Enclave. */
  readonly raisesQeSvn: number;
}

export type TcbUpdate = 'early' | 'standard';

const microcode = (pceSvn = 0): Tcb => ({
  components: [1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
  pceSvn,
});

/** What had happened before a simulated authority was founded; the first entry raises nothing and is the base. */
export const PAST_RECOVERIES: readonly TcbRecovery[] = [
  {
    evaluationDataNumber: 17,
    recoveryEventDate: new Date('2024-03-12T00:00:00Z'),
    tcbDate: new Date('2024-03-13T00:00:00Z'),
    enforcedFrom: new Date('2024-03-12T00:00:00Z'),
    advisoryIds: [],
    raises: { components: [], pceSvn: 0 },
    raisesQeSvn: 0,
  },
  {
    evaluationDataNumber: 18,
    recoveryEventDate: new Date('2024-11-12T00:00:00Z'),
    tcbDate: new Date('2024-11-13T00:00:00Z'),
    enforcedFrom: new Date('2025-05-13T00:00:00Z'),
    advisoryIds: ['INTEL-SA-01079'],
    raises: microcode(2),
    raisesQeSvn: 2,
  },
  {
    evaluationDataNumber: 19,
    recoveryEventDate: new Date('2025-05-13T00:00:00Z'),
    tcbDate: new Date('2025-05-14T00:00:00Z'),
    enforcedFrom: new Date('2025-11-11T00:00:00Z'),
    advisoryIds: ['INTEL-SA-01244', 'INTEL-SA-01247'],
    raises: microcode(),
    raisesQeSvn: 0,
  },
  {
    evaluationDataNumber: 20,
    recoveryEventDate: new Date('2025-08-12T00:00:00Z'),
    tcbDate: new Date('2025-08-13T00:00:00Z'),
    enforcedFrom: new Date('2026-08-11T00:00:00Z'),
    advisoryIds: ['INTEL-SA-01313'],
    raises: microcode(),
    raisesQeSvn: 0,
  },
];

/** Recoveries that `update` follows at `at`, oldest first; never empty: the base always holds. */
export function followed(
  recoveries: readonly TcbRecovery[],
  update: TcbUpdate,
  at: Date,
): readonly TcbRecovery[] {
  const since = ({ recoveryEventDate, enforcedFrom }: TcbRecovery): number =>
    (update === 'early' ? recoveryEventDate : enforcedFrom)?.getTime() ?? Infinity;
  const newest = recoveries.findLastIndex((recovery) => since(recovery) <= at.getTime());
  return recoveries.slice(0, Math.max(newest, 0) + 1);
}

/**
 * Recoveries up to an evaluation number by name. AUTHORITY_EVALUATION_GONE: the number was served once and is not now;
 * AUTHORITY_EVALUATION_UNKNOWN: it never was.
 */
export function upTo(
  recoveries: readonly TcbRecovery[],
  evaluationDataNumber: number,
  at: Date,
): readonly TcbRecovery[] {
  const known = followed(recoveries, 'early', at);
  const index = known.findIndex((one) => one.evaluationDataNumber === evaluationDataNumber);
  if (index >= 0) return known.slice(0, index + 1);
  const oldest = known[0]?.evaluationDataNumber ?? 0;
  const gone = evaluationDataNumber > 0 && evaluationDataNumber < oldest;
  throw new AuthorityError(
    gone ? 'AUTHORITY_EVALUATION_GONE' : 'AUTHORITY_EVALUATION_UNKNOWN',
    `TCB evaluation data number ${evaluationDataNumber} is ${gone ? 'no longer served' : 'not known'}`,
    { field: 'tcbEvaluationDataNumber' },
  );
}
