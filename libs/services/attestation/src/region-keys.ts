import { hasCode } from '@touchstone/errors';
import type { Clock, RotatingKeyStore, SigningKeyRecord } from '@touchstone/ports';
import { AttestationError } from './attestation-error';
import type { KeyKind, RegionKey } from './region-key';

/** Replicas that share a store learn this soon of a key that another one made. */
export const KEYS_FRESH_MS = 5_000;
/** The longest lifetime of a token. */
export const TOKEN_LIFETIME_SECONDS = 28_800;
/** Room for replicas that have not noticed yet, and for clocks that differ. */
const SLACK_MS = 300_000;
/** How long after its last signature a key stays published. */
export const KEY_OVERLAP_MS = TOKEN_LIFETIME_SECONDS * 1000 + SLACK_MS;

/** A key with its place in time. */
export interface DatedKey {
  readonly id: string;
  readonly key: RegionKey;
  readonly createdAt: Date;
  readonly retiredAt?: Date;
}

/** The keys of one region, as the store has them. */
export interface RegionKeys {
  /** Does the work with the key that signs now; with another one, a second time, if that is lost meanwhile. */
  withSigner<Result>(
    issuer: string,
    work: (key: RegionKey) => Result | Promise<Result>,
  ): Promise<Result>;
  /** All whose signatures still verify: the signing one first, then the others, newest first. Read from the store. */
  published(): Promise<readonly DatedKey[]>;
  /** The same without the first key being made, newest first. */
  listed(): Promise<readonly DatedKey[]>;
  /** A new key, published from now on, that signs so much later. Where there is none yet, the first one, which signs at once. */
  rotate(announceMs: number): Promise<void>;
}

export interface RegionKeysOptions {
  readonly kind: KeyKind;
  readonly store: RotatingKeyStore;
  readonly clock: Clock;
}

interface Copy {
  readonly readAt: number;
  readonly keys: readonly DatedKey[];
}

export function createRegionKeys({ kind, store, clock }: RegionKeysOptions): RegionKeys {
  const opened = new Map<string, RegionKey>();
  const ended = new Set<string>();
  let copy: Copy | undefined;
  let reading: Promise<Copy> | undefined;
  let replacing: Promise<void> | undefined;

  /** Callers that want the same at the same time share one look; a failure is not kept. */
  function read(): Promise<Copy> {
    reading ??= load().finally(() => {
      reading = undefined;
    });
    return reading;
  }

  async function load(): Promise<Copy> {
    let keys = await listed();
    if (!signingAt(keys, clock.now())) {
      await add(0);
      keys = await listed();
    }
    copy = { readAt: clock.now().getTime(), keys };
    endRetired(keys, copy.readAt);
    return copy;
  }

  async function listed(): Promise<readonly DatedKey[]> {
    const from = clock.now().getTime() - KEY_OVERLAP_MS;
    const records = await store.list(kind.purpose);
    return records
      .filter(({ retiredAt }) => retiredAt === undefined || retiredAt.getTime() >= from)
      .map((record) => ({ ...record, key: openOnce(record) }));
  }

  function openOnce(record: SigningKeyRecord): RegionKey {
    const key = opened.get(record.id) ?? kind.open(record);
    opened.set(record.id, key);
    return key;
  }

  /** The id is the same for every replica: whoever comes second finds it taken and goes on with the first one's key. */
  async function add(announceMs: number): Promise<void> {
    const { purpose } = kind;
    const numbers = (await store.list(purpose)).map(({ id }) =>
      Number(id.slice(purpose.length + 1)),
    );
    const privateKey = await kind.bear();
    // Only now: making a key takes its time.
    const createdAt = clock.now();
    const id = `${purpose}/${Math.max(0, ...numbers) + 1}`;
    const record = { id, purpose, privateKey, certificates: [], createdAt };
    const othersEnd = new Date(createdAt.getTime() + announceMs);
    if ((await store.rotate(record, othersEnd)) === 'exists') await kind.open(record).end();
    await forgetOld();
  }

  async function forgetOld(): Promise<void> {
    const before = new Date(clock.now().getTime() - KEY_OVERLAP_MS);
    for (const { id, retiredAt } of await store.list(kind.purpose)) {
      if (retiredAt !== undefined && retiredAt < before) await kind.forget(id);
    }
    await store.forgetRetired(kind.purpose, before);
  }

  /** When every replica knows that they are retired. Nobody waits: an enclave that stays on is only a nuisance. */
  function endRetired(keys: readonly DatedKey[], now: number): void {
    for (const { id, key, retiredAt } of keys) {
      if (retiredAt === undefined || retiredAt.getTime() + SLACK_MS > now || ended.has(id))
        continue;
      ended.add(id);
      key.end().catch(() => undefined);
    }
  }

  async function signing(): Promise<DatedKey> {
    const now = clock.now();
    const held = copy;
    const fresh = held && Math.abs(now.getTime() - held.readAt) < KEYS_FRESH_MS;
    // A store that does not answer must not keep keys from signing that are here.
    const { keys } = fresh ? held : await read().catch((error: unknown) => held ?? thrown(error));
    const found = signingAt(keys, now);
    if (found) return found;
    throw new AttestationError('ATTESTATION_KEY_UNAVAILABLE', `no key signs for ${kind.purpose}`);
  }

  /** Single flight. Another replica may have seen the loss first, and its key is in the store already. */
  function replace({ id }: DatedKey): Promise<void> {
    replacing ??= replaceNow(id).finally(() => {
      replacing = undefined;
    });
    return replacing;
  }

  async function replaceNow(id: string): Promise<void> {
    const { keys } = await load();
    if (signingAt(keys, clock.now())?.id !== id) return;
    await add(0);
    await load();
  }

  return {
    async withSigner(issuer, work) {
      const first = await signing();
      try {
        await first.key.prepare(issuer);
        return await work(first.key);
      } catch (error) {
        if (!hasCode(error, 'ATTESTATION_KEY_LOST')) throw error;
        await replace(first);
      }
      const { key } = await signing();
      await key.prepare(issuer);
      return work(key);
    },
    async published() {
      const { keys } = await read();
      const current = signingAt(keys, clock.now());
      return current ? [current, ...keys.filter((key) => key !== current)] : keys;
    },
    listed,
    async rotate(announceMs) {
      if ((await listed()).length > 0) await add(announceMs);
      await load();
    },
  };
}

/** Of those that are not retired yet, the oldest: the others are announced only. `keys` are newest first. */
export function signingAt(keys: readonly DatedKey[], at: Date): DatedKey | undefined {
  return keys.findLast(({ retiredAt }) => retiredAt === undefined || retiredAt > at);
}

function thrown(error: unknown): never {
  throw error;
}
