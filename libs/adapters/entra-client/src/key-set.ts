import { toUtf8 } from '@touchstone/bytes';
import type { Clock } from '@touchstone/ports';
import type { Jwk } from '@touchstone/token';
import { EntraError } from './entra-error';
import type { HttpPort } from './http-port';

/** Keys are fetched again after this time. */
export const KEYS_FRESH_MS = 60 * 60 * 1_000;
/** An unknown key id makes us look again, but not more often than this: tokens are free to make up. */
export const KEYS_MIN_INTERVAL_MS = 10_000;
export const MAX_KEYS = 50;
export const MAX_KEYS_BYTES = 512 * 1024;

/** The authority's keys, fetched when they are needed and kept. */
export interface KeySet {
  /** The keys at hand; fetched when there are none, or when they are old and can be fetched. */
  keys(): Promise<readonly Jwk[]>;
  /** After an unknown key id: the keys as they are now, or `undefined` when it is too soon to look again. */
  renewed(): Promise<readonly Jwk[] | undefined>;
}

export interface KeySetOptions {
  readonly url: string;
  readonly http: HttpPort;
  readonly clock: Clock;
}

export function createKeySet({ url, http, clock }: KeySetOptions): KeySet {
  let kept: readonly Jwk[] | undefined;
  let fetchedAt = Number.NEGATIVE_INFINITY;
  let triedAt = Number.NEGATIVE_INFINITY;
  let fetching: Promise<readonly Jwk[]> | undefined;

  const fetchOnce = (): Promise<readonly Jwk[]> => {
    triedAt = clock.now().getTime();
    fetching ??= fetchKeys(url, http)
      .then((keys) => {
        fetchedAt = clock.now().getTime();
        return (kept = keys);
      })
      .finally(() => (fetching = undefined));
    return fetching;
  };
  const tooSoon = (): boolean => clock.now().getTime() - triedAt < KEYS_MIN_INTERVAL_MS;

  return {
    keys: async () => {
      if (kept === undefined) return fetchOnce();
      const old = clock.now().getTime() - fetchedAt >= KEYS_FRESH_MS;
      if (!old || tooSoon()) return kept;
      // An authority that is away does not turn its earlier keys into wrong ones.
      return fetchOnce().catch(() => kept ?? []);
    },
    renewed: async () => (tooSoon() ? fetching : fetchOnce()),
  };
}

async function fetchKeys(url: string, http: HttpPort): Promise<readonly Jwk[]> {
  try {
    const { status, body } = await http.request({
      method: 'GET',
      url,
      maxBodyBytes: MAX_KEYS_BYTES,
    });
    if (status === 200) return readKeys(JSON.parse(toUtf8(body)));
  } catch (cause) {
    throw new EntraError('BEARER_KEYS_UNAVAILABLE', 'the keys of the authority cannot be had', {
      cause,
    });
  }
  throw new EntraError('BEARER_KEYS_UNAVAILABLE', 'the authority does not show its keys');
}

function readKeys(value: unknown): readonly Jwk[] {
  const keys =
    typeof value === 'object' && value !== null && 'keys' in value ? value.keys : undefined;
  if (!Array.isArray(keys)) throw new TypeError('no key set');
  return keys.slice(0, MAX_KEYS).filter(isJwk);
}

function isJwk(value: unknown): value is Jwk {
  return (
    typeof value === 'object' &&
    value !== null &&
    'kty' in value &&
    value.kty === 'RSA' &&
    'kid' in value &&
    typeof value.kid === 'string'
  );
}
