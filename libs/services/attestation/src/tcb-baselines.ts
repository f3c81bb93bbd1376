import {
  DEFAULT_TCB_IDENTIFIER,
  PUBLISHED_BASELINES,
  tcbIdentifier,
  type PublishedBaseline,
} from '@touchstone/appraisal';
import type { EvidenceType } from './evidence';
import type { PolicySource } from './policy-source';
import type { Provider } from './providers';

/** A baseline that a policy may choose. */
export interface ListedBaseline {
  readonly tcbIdentifier: string;
  readonly tcbEvaluationDataNumber: number;
  readonly tcbReleaseDate: Date;
  readonly minimumPswLinuxVersion: string;
  readonly minimumPswWindowsVersion: string;
  /** Whether the policy in force chooses it. */
  readonly isSelectedTcb: boolean;
}

export type TcbBaselines = (
  provider: Provider,
  type: EvidenceType,
) => Promise<readonly ListedBaseline[]>;

/** `azuredefault`, which asks for no more than the oldest published one, and those by number, oldest first. */
export function createTcbBaselines(policies: PolicySource): TcbBaselines {
  return async (provider, type) => {
    const selected = tcbIdentifier((await policies.active(provider, type)).configuration);
    const listed = (identifier: string, baseline: PublishedBaseline): ListedBaseline => ({
      tcbIdentifier: identifier,
      tcbEvaluationDataNumber: baseline.evaluationDataNumber,
      tcbReleaseDate: baseline.released,
      minimumPswLinuxVersion: baseline.minimumPswLinux,
      minimumPswWindowsVersion: baseline.minimumPswWindows,
      isSelectedTcb: identifier === selected,
    });
    return [
      ...PUBLISHED_BASELINES.slice(0, 1).map((one) => listed(DEFAULT_TCB_IDENTIFIER, one)),
      ...PUBLISHED_BASELINES.map((one) => listed(`${one.evaluationDataNumber}`, one)),
    ];
  };
}
