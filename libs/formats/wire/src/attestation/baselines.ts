/** One TCB baseline as `GET /tcbbaselines/{type}` lists it. */
export interface TcbBaseline {
  /** What a policy calls it: `azuredefault`, or the number as text. */
  readonly tcbIdentifier: string;
  readonly tcbEvaluationDataNumber: number;
  readonly tcbReleaseDate: Date;
  readonly minimumPswLinuxVersion: string;
  readonly minimumPswWindowsVersion: string;
  /** Whether the policy in force chooses it. */
  readonly isSelectedTcb: boolean;
}

/** The answer; dates without fraction and zone, as the live service writes them. */
export const tcbBaselinesAnswer = (baselines: readonly TcbBaseline[]): object => ({
  tcbBaselines: baselines.map((baseline) => ({
    tcbIdentifier: baseline.tcbIdentifier,
    tcbEvaluationDataNumber: baseline.tcbEvaluationDataNumber,
    tcbReleaseDate: baseline.tcbReleaseDate.toISOString().replace('.000Z', ''),
    minimumPswLinuxVersion: baseline.minimumPswLinuxVersion,
    minimumPswWindowsVersion: baseline.minimumPswWindowsVersion,
    isSelectedTcb: baseline.isSelectedTcb,
  })),
});
