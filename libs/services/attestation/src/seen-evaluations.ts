import {
  pinnedEvaluation,
  type EvaluationPin,
  type OfferedEvaluations,
} from '@touchstone/verification';
import type { CollateralDocuments } from './collateral-snapshot';

/** Which of Intel's evaluations there are, as told by documents that verified, of whatever platform they were. */
export interface SeenEvaluations {
  /** Takes note of documents that verified. */
  learn(documents: CollateralDocuments): void;
  offered(): OfferedEvaluations;
  /** Whether these documents do not reach the minimum that is asked for. */
  areBehind(documents: CollateralDocuments): boolean;
  clear(): void;
}

/** The channel of a PCCS (`update`) that carries what a minimum asks for; a number is looked for among what is enforced. */
export const channelOf = (minimum: EvaluationPin | undefined): 'standard' | 'early' =>
  minimum === 'early' ? 'early' : 'standard';

/**
 * A name stands for the highest number that its channel was ever seen to carry: evaluations are of all platforms at once,
 * so one document that is ahead shows that others were held back.
 */
export function createSeenEvaluations(minimum: EvaluationPin | undefined): SeenEvaluations {
  const channel = channelOf(minimum);
  let highest: number | undefined;
  const offered = (): OfferedEvaluations => (highest === undefined ? {} : { [channel]: highest });
  return {
    learn(documents) {
      highest = Math.max(highest ?? 0, ...numbersOf(documents));
    },
    offered,
    areBehind(documents) {
      const wanted = minimum === undefined ? undefined : pinnedEvaluation(minimum, offered());
      return wanted !== undefined && Math.min(...numbersOf(documents)) < wanted;
    },
    clear() {
      highest = undefined;
    },
  };
}

const numbersOf = ({ tcbInfo, qeIdentity }: CollateralDocuments): readonly number[] => [
  tcbInfo.tcbEvaluationDataNumber,
  qeIdentity.tcbEvaluationDataNumber,
];
