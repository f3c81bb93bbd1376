import { hasCode } from '@touchstone/errors';
import { AttestationError } from './attestation-error';
import { createKeyLine, signingAt, SLACK_MS, type DatedKey, type KeyLineOptions } from './key-line';
import type { RegionKey } from './region-key';

/** Replicas that share a store learn this soon of a key that another one made. */
export const KEYS_FRESH_MS = 5_000;
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

interface Copy {
  readonly readAt: number;
  readonly keys: readonly DatedKey[];
}

export function createRegionKeys(options: KeyLineOptions): RegionKeys {
  const { kind, clock } = options;
  const line = createKeyLine(options);
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
    let keys = await line.listed();
    if (!signingAt(keys, clock.now())) {
      await line.add(0);
      keys = await line.listed();
    }
    copy = { readAt: clock.now().getTime(), keys };
    endRetired(keys, copy.readAt);
    return copy;
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
    await line.add(0);
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
    listed: () => line.listed(),
    async rotate(announceMs) {
      if ((await line.listed()).length > 0) await line.add(announceMs);
      await load();
    },
  };
}

function thrown(error: unknown): never {
  throw error;
}
