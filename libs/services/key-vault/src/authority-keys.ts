import type { Jwk } from '@touchstone/token';
import { VaultError } from './vault-error';

/** Fetches a JSON document over HTTPS; throws when there is none. Where names lead is the adapter's business. */
export interface AuthorityDocuments {
  fetchJson(url: string): Promise<unknown>;
}

export interface AuthorityKeys {
  /**
   * The keys that an attestation service publishes. When none of them is called `kid` the copy may be too old, and
   * is fetched anew if that has not just been done. VAULT_AUTHORITY_UNREACHABLE.
   */
  keys(authority: string, at: Date, kid?: string): Promise<readonly Jwk[]>;
}

/** A copy is used this long: also the time that a withdrawn key may still be trusted. */
export const AUTHORITY_FRESH_MS = 10 * 60_000;
/** An unknown `kid` costs the authority one request in this time at most, whoever sends how many. */
export const AUTHORITY_REFRESH_MS = 30_000;
/** Authorities whose keys are kept; the one that was fetched longest ago gives way. */
export const MAX_AUTHORITIES = 64;
/** Keys of one authority that are looked at. */
export const MAX_AUTHORITY_KEYS = 64;

interface Copy {
  readonly fetchedAt: number;
  readonly keys: readonly Jwk[];
}

export function createAuthorityKeys(documents: AuthorityDocuments): AuthorityKeys {
  const copies = new Map<string, Copy>();
  const underway = new Map<string, Promise<Copy>>();

  async function load(authority: string, at: Date): Promise<Copy> {
    const copy = { fetchedAt: at.getTime(), keys: await fetchKeys(documents, authority) };
    copies.delete(authority);
    copies.set(authority, copy);
    const [oldest] = copies.keys();
    if (copies.size > MAX_AUTHORITIES && oldest !== undefined) copies.delete(oldest);
    return copy;
  }

  /** Callers that want the same at the same time share one fetch. */
  function loadOnce(authority: string, at: Date): Promise<Copy> {
    const running = underway.get(authority);
    if (running !== undefined) return running;
    const started = load(authority, at).finally(() => underway.delete(authority));
    underway.set(authority, started);
    return started;
  }

  return {
    keys: async (named, at, kid) => {
      const authority = withoutSlash(named);
      const copy = copies.get(authority);
      const age = copy === undefined ? Infinity : Math.abs(at.getTime() - copy.fetchedAt);
      const unknown = kid !== undefined && !copy?.keys.some((key) => key.kid === kid);
      const usable =
        copy !== undefined && age < AUTHORITY_FRESH_MS && (!unknown || age < AUTHORITY_REFRESH_MS);
      return (usable ? copy : await loadOnce(authority, at)).keys;
    },
  };
}

const withoutSlash = (url: string): string => (url.endsWith('/') ? url.slice(0, -1) : url);

async function fetchKeys(
  documents: AuthorityDocuments,
  authority: string,
): Promise<readonly Jwk[]> {
  try {
    const metadata = await documents.fetchJson(`${authority}/.well-known/openid-configuration`);
    const { keys } = asRecord(await documents.fetchJson(jwksUri(authority, metadata)));
    if (!Array.isArray(keys)) throw new TypeError('the key set holds no keys');
    return keys.slice(0, MAX_AUTHORITY_KEYS).filter(isJwk);
  } catch (cause) {
    throw new VaultError(
      'VAULT_AUTHORITY_UNREACHABLE',
      'the attestation service cannot be reached',
      {
        field: authority,
        cause,
      },
    );
  }
}

/** Keys come from the authority itself: its metadata cannot send us to another origin. */
function jwksUri(authority: string, metadata: unknown): string {
  const uri = asRecord(metadata)['jwks_uri'];
  if (
    typeof uri !== 'string' ||
    !URL.canParse(uri) ||
    new URL(uri).origin !== new URL(authority).origin
  ) {
    throw new TypeError('the metadata names no key set at its own origin');
  }
  return uri;
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new TypeError('the document is no JSON object');
  }
  return value as Readonly<Record<string, unknown>>;
}

function isJwk(value: unknown): value is Jwk {
  if (typeof value !== 'object' || value === null || !('kty' in value)) return false;
  const kid = 'kid' in value ? value.kid : undefined;
  return value.kty === 'RSA' && (kid === undefined || typeof kid === 'string');
}
