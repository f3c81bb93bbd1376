import type { Clock, RotatingKeyStore, SigningKeyRecord } from '@touchstone/ports';
import type { KeyKind, RegionKey } from './region-key';

/** The longest lifetime of a token. */
export const TOKEN_LIFETIME_SECONDS = 28_800;
/** Room for replicas that have not noticed yet, and for clocks that differ. */
export const SLACK_MS = 300_000;
/** How long after its last signature a key stays published. */
export const KEY_OVERLAP_MS = TOKEN_LIFETIME_SECONDS * 1000 + SLACK_MS;

/** A key with its place in time. */
export interface DatedKey {
  readonly id: string;
  readonly key: RegionKey;
  readonly createdAt: Date;
  readonly retiredAt?: Date;
}

/** Keys that give way to one another, as the store has them. */
export interface KeyLine {
  /** All whose signatures still verify, newest first. */
  listed(): Promise<readonly DatedKey[]>;
  /** Makes a key, for which all others stop signing so much later; forgets those that nobody needs any more. */
  add(announceMs: number): Promise<void>;
}

export interface KeyLineOptions {
  readonly kind: KeyKind;
  readonly store: RotatingKeyStore;
  readonly clock: Clock;
}

export function createKeyLine({ kind, store, clock }: KeyLineOptions): KeyLine {
  const opened = new Map<string, RegionKey>();
  const { purpose } = kind;
  /** What was retired before is of no use any more. */
  const horizon = (): Date => new Date(clock.now().getTime() - KEY_OVERLAP_MS);

  function openOnce(record: SigningKeyRecord): RegionKey {
    const key = opened.get(record.id) ?? kind.open(record);
    opened.set(record.id, key);
    return key;
  }

  async function forgetOld(): Promise<void> {
    const before = horizon();
    for (const { id, retiredAt } of await store.list(purpose)) {
      if (retiredAt === undefined || retiredAt >= before) continue;
      opened.delete(id);
      await kind.forget(id);
    }
    await store.forgetRetired(purpose, before);
  }

  return {
    async listed() {
      const from = horizon();
      const records = await store.list(purpose);
      return records
        .filter(({ retiredAt }) => retiredAt === undefined || retiredAt >= from)
        .map((record) => ({ ...record, key: openOnce(record) }));
    },
    // The id is the same for every replica: whoever comes second finds it taken and goes on with the first one's key.
    async add(announceMs) {
      const records = await store.list(purpose);
      const numbers = records.map(({ id }) => Number(id.slice(purpose.length + 1)));
      const privateKey = await kind.bear();
      // Only now: making a key takes its time.
      const createdAt = clock.now();
      const id = `${purpose}/${Math.max(0, ...numbers) + 1}`;
      const record = { id, purpose, privateKey, certificates: [], createdAt };
      const othersEnd = new Date(createdAt.getTime() + announceMs);
      if ((await store.rotate(record, othersEnd)) === 'exists') await kind.open(record).end();
      await forgetOld();
    },
  };
}

/** Of those that are not retired yet, the oldest: the others are announced only. `keys` are newest first. */
export function signingAt(keys: readonly DatedKey[], at: Date): DatedKey | undefined {
  return keys.findLast(({ retiredAt }) => retiredAt === undefined || retiredAt > at);
}
