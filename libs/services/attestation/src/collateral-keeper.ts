import type { Check } from '@touchstone/decision';
import type { Clock, Logger } from '@touchstone/ports';
import type { EvaluationPin, OfferedEvaluations } from '@touchstone/verification';
import { AttestationError } from './attestation-error';
import type { CollateralArchive } from './collateral-archive';
import {
  createSnapshot,
  rolledBack,
  snapshotName,
  type CollateralSnapshot,
} from './collateral-snapshot';
import type { CollateralKey, CollateralSource } from './collateral-source';
import { createSeenEvaluations } from './seen-evaluations';

/** How old a copy grows before a newer one is looked for, beside the requests. */
export const COLLATERAL_REFRESH_MS = 60 * 60 * 1000;
/** How long a failed fetch is believed, so that an unknown platform is not asked for with every request. */
export const COLLATERAL_RETRY_MS = 5 * 1000;
/** Platform families that are kept; far more than Intel has made. */
export const MAX_SNAPSHOTS = 1000;

export interface CollateralKeeper {
  /**
   * The copy to judge by. There is one at once unless none is held, a document of it is past its date, or it does not
   * reach the minimum evaluation.
   *
   * @throws AttestationError ATTESTATION_COLLATERAL_*
   */
  get(key: CollateralKey): Promise<CollateralSnapshot>;
  /** Says that this copy verified; from now on nothing older replaces it. */
  confirm(snapshot: CollateralSnapshot): void;
  /** The evaluations that copies which verified show to be there. */
  offeredEvaluations(): OfferedEvaluations;
  /** Says that this copy does not hold: it goes. The one that verified before it, if there is one. */
  reject(snapshot: CollateralSnapshot): CollateralSnapshot | undefined;
  /** Reads the copies that were kept before the service started. */
  open(): Promise<void>;
  /** Looks for a newer copy of everything that has grown old, or, `now`, of everything. */
  refresh(now?: 'now'): Promise<void>;
  /**
   * Lets go of every copy, for an operator who answers for the source: what it serves next is judged by itself, even where
   * it takes back what a verified copy said. Answers with how many there were.
   */
  forget(): Promise<number>;
  /** Resolves when what was confirmed is kept. */
  flush(): Promise<void>;
}

export interface CollateralKeeperOptions {
  readonly source: CollateralSource;
  readonly archive: CollateralArchive;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly refreshMs?: number;
  /** A copy below it is asked for anew, and its name says which channel the source serves. Left out: any will do. */
  readonly minimumEvaluation?: EvaluationPin;
}

interface Entry {
  readonly key: CollateralKey;
  /** Verified at least once. */
  proven?: CollateralSnapshot;
  /** Newer, and not yet used. */
  candidate?: CollateralSnapshot;
  /** When the source was last asked. */
  askedAt: number;
  failure?: AttestationError;
  asking?: Promise<CollateralSnapshot>;
}

/** Holds collateral as immutable copies. Documents that nobody verified never displace verified ones for good. */
export function createCollateralKeeper(options: CollateralKeeperOptions): CollateralKeeper {
  const { source, archive, clock, logger, refreshMs = COLLATERAL_REFRESH_MS } = options;
  const entries = new Map<string, Entry>();
  const seen = createSeenEvaluations(options.minimumEvaluation);
  let saving = Promise.resolve();
  const now = (): number => clock.now().getTime();

  function entryOf(key: CollateralKey): Entry {
    const name = snapshotName(key);
    const known = entries.get(name);
    if (known) return known;
    if (entries.size >= MAX_SNAPSHOTS) forgetOldest();
    const entry: Entry = { key, askedAt: Number.NEGATIVE_INFINITY };
    entries.set(name, entry);
    return entry;
  }

  /** Platforms that turned out to be unknown go first. */
  function forgetOldest(): void {
    const names = [...entries].filter(([, entry]) => !entry.asking);
    const [name] = names.find(([, entry]) => !entry.proven) ?? names[0] ?? [];
    if (name !== undefined) entries.delete(name);
  }

  /** Single flight: whoever asks while the source is being asked gets the same answer. */
  function ask(entry: Entry): Promise<CollateralSnapshot> {
    entry.asking ??= fetchSnapshot(entry).finally(() => {
      delete entry.asking;
    });
    return entry.asking;
  }

  async function fetchSnapshot(entry: Entry): Promise<CollateralSnapshot> {
    entry.askedAt = now();
    try {
      const next = createSnapshot(entry.key, await fetchDocuments(source, entry.key), clock.now());
      const taken = newest(entry, next);
      if (taken === next) entry.candidate = next;
      delete entry.failure;
      return taken;
    } catch (error) {
      if (error instanceof AttestationError) entry.failure = error;
      logger.warn('collateral was not refreshed', { ...entry.key, error });
      throw error;
    }
  }

  /** A source that goes back in time is not followed. */
  function newest({ key, proven }: Entry, next: CollateralSnapshot): CollateralSnapshot {
    const older = proven ? rolledBack(proven.documents, next.documents) : [];
    if (!proven || older.length === 0) return next;
    logger.warn('older collateral was refused', { ...key, documents: older });
    return proven;
  }

  const isCurrent = ({ expires, documents }: CollateralSnapshot): boolean =>
    now() <= expires.getTime() && !seen.areBehind(documents);

  async function get(key: CollateralKey): Promise<CollateralSnapshot> {
    const entry = entryOf(key);
    const held = entry.candidate ?? entry.proven;
    const asked = now() - entry.askedAt < COLLATERAL_RETRY_MS;
    if (held && (asked || isCurrent(held))) return held;
    if (asked && entry.failure && !entry.asking) throw entry.failure;
    try {
      return await ask(entry);
    } catch (error) {
      if (held) return held;
      throw error;
    }
  }

  return {
    get,
    offeredEvaluations: seen.offered,
    confirm(snapshot) {
      const entry = entries.get(snapshotName(snapshot.key));
      if (entry?.candidate !== snapshot) return;
      entry.proven = snapshot;
      seen.learn(snapshot.documents);
      delete entry.candidate;
      saving = saving.then(() => save(snapshot));
    },
    reject(snapshot) {
      const entry = entries.get(snapshotName(snapshot.key));
      if (entry?.candidate !== snapshot) return undefined;
      delete entry.candidate;
      entry.failure = new AttestationError(
        'ATTESTATION_COLLATERAL_INVALID',
        'the collateral does not verify',
        {
          checks: failedCheck(
            'collateral-verified',
            'ATTESTATION_COLLATERAL_INVALID',
            'found not to verify a moment ago',
          ),
        },
      );
      logger.warn('collateral that does not verify was dropped', { ...snapshot.key });
      return entry.proven;
    },
    async open() {
      for (const snapshot of await archive.load()) {
        entryOf(snapshot.key).proven = snapshot;
        seen.learn(snapshot.documents);
      }
    },
    async refresh(mode) {
      const old = now() - refreshMs;
      const due = [...entries.values()].filter(
        ({ proven, candidate }) =>
          (candidate ?? proven) && (mode === 'now' || isOlder(candidate ?? proven, old)),
      );
      await Promise.allSettled(due.map(ask));
    },
    async forget() {
      const held = [...entries.values()].filter(({ proven, candidate }) => proven ?? candidate);
      entries.clear();
      seen.clear();
      const clearing = saving.then(() => archive.clear());
      saving = clearing.catch(() => undefined);
      await clearing;
      return held.length;
    },
    flush: () => saving,
  };

  async function save(snapshot: CollateralSnapshot): Promise<void> {
    try {
      await archive.save(snapshot);
    } catch (error) {
      logger.warn('a copy of collateral was not kept', { ...snapshot.key, error });
    }
  }
}

const isOlder = (snapshot: CollateralSnapshot | undefined, than: number): boolean =>
  snapshot !== undefined && snapshot.fetchedAt.getTime() <= than;

async function fetchDocuments(source: CollateralSource, key: CollateralKey) {
  let collateral;
  try {
    collateral = await source.fetch(key);
  } catch (cause) {
    const message = 'the source of collateral cannot be reached';
    throw new AttestationError('ATTESTATION_COLLATERAL_UNAVAILABLE', message, {
      cause,
      checks: failedCheck('collateral-available', 'ATTESTATION_COLLATERAL_UNAVAILABLE', message),
    });
  }
  if (collateral) return collateral;
  const message = 'the source of collateral does not know the platform';
  throw new AttestationError('ATTESTATION_COLLATERAL_UNKNOWN', message, {
    field: 'fmspc',
    checks: failedCheck(
      'collateral-available',
      'ATTESTATION_COLLATERAL_UNKNOWN',
      `${message} ${key.fmspc}`,
    ),
  });
}

const failedCheck = (name: string, code: string, detail: string): readonly Check[] => [
  { name, result: 'failed', code, detail },
];
