import type { DocumentCache, Logger } from '@touchstone/ports';
import { archivePrefix } from './collateral-archive';
import { fromDocuments, toDocuments, type CollateralMember } from './collateral-documents';
import { createSnapshot, type CollateralSnapshot } from './collateral-snapshot';
import type { CollateralKey } from './collateral-source';

/** Evaluations that are kept of one platform family; the oldest give way. */
export const MAX_EVALUATIONS = 8;

/** What an evaluation of Intel's consists of. Certificates and CRLs belong to none: they are always today's. */
const MEMBERS = [
  'tcbInfo',
  'tcbInfoIssuerChain',
  'qeIdentity',
  'qeIdentityIssuerChain',
] as const satisfies readonly CollateralMember[];

/** Evaluations that were in force before, for policies that choose a baseline by its number. */
export interface EarlierEvaluations {
  /** Keeps the evaluation of a copy that verified. */
  learn(snapshot: CollateralSnapshot): void;
  /** The copy under the newest known evaluation that is not above `evaluation`; undefined when none is known. */
  upTo(snapshot: CollateralSnapshot, evaluation: number): Promise<CollateralSnapshot | undefined>;
  /** Resolves when everything learnt so far is written. */
  flush(): Promise<void>;
}

export function createEarlierEvaluations(
  documents: DocumentCache,
  logger: Logger,
): EarlierEvaluations {
  const learnt = new WeakSet<CollateralSnapshot>();
  /** What was put together from a copy; gone with it. */
  const made = new WeakMap<CollateralSnapshot, Map<number, CollateralSnapshot | undefined>>();
  let saving: Promise<unknown> = Promise.resolve();

  const numbers = async (key: CollateralKey): Promise<readonly number[]> => {
    const names = await documents.keys(`${archivePrefix(key)}${EVALUATION}`);
    return [...new Set(names.flatMap(numberIn))].sort((a, b) => b - a);
  };

  async function save({ key, collateral, fetchedAt, documents: read }: CollateralSnapshot) {
    const prefix = prefixOf(key, read.tcbInfo.tcbEvaluationDataNumber);
    await documents.put(toDocuments(prefix, MEMBERS, collateral, fetchedAt));
    for (const old of (await numbers(key)).slice(MAX_EVALUATIONS))
      for (const member of MEMBERS) await documents.delete(`${prefixOf(key, old)}${member}`);
  }

  async function load(
    snapshot: CollateralSnapshot,
    evaluation: number,
  ): Promise<CollateralSnapshot | undefined> {
    const { key, collateral } = snapshot;
    const known = (await numbers(key)).find((number) => number <= evaluation);
    if (known === undefined) return undefined;
    const found = await fromDocuments(documents, prefixOf(key, known), MEMBERS);
    return found && createSnapshot(key, { ...collateral, ...found.members }, found.fetchedAt);
  }

  return {
    learn(snapshot) {
      if (learnt.has(snapshot)) return;
      learnt.add(snapshot);
      saving = saving
        .then(() => save(snapshot))
        .catch((error: unknown) => {
          logger.warn('an evaluation was not kept', { ...snapshot.key, error });
        });
    },
    async upTo(snapshot, evaluation) {
      if (snapshot.documents.tcbInfo.tcbEvaluationDataNumber <= evaluation) return snapshot;
      const known = made.get(snapshot) ?? new Map<number, CollateralSnapshot | undefined>();
      made.set(snapshot, known);
      if (!known.has(evaluation) && known.size < MAX_EVALUATIONS)
        known.set(evaluation, await load(snapshot, evaluation));
      return known.has(evaluation) ? known.get(evaluation) : load(snapshot, evaluation);
    },
    flush: async () => {
      await saving;
    },
  };
}

const EVALUATION = 'evaluation-';
const NUMBER = /\/evaluation-([0-9]{1,9})\//;

const prefixOf = (key: CollateralKey, evaluation: number): string =>
  `${archivePrefix(key)}${EVALUATION}${evaluation}/`;

function numberIn(name: string): readonly number[] {
  const [, number] = NUMBER.exec(name) ?? [];
  return number === undefined ? [] : [Number(number)];
}
