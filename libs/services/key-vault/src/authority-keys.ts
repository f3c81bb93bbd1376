import type { Jwk } from '@touchstone/token';
import { createAuthorityCopies } from './authority-copies';
import { VaultError } from './vault-error';

/** Fetches a JSON document over HTTPS; throws when there is none. Where names lead is the adapter's business. */
export interface AuthorityDocuments {
  fetchJson(url: string): Promise<unknown>;
  /** The same; undefined when the authority says that it has no such document. */
  findJson(url: string): Promise<unknown>;
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
/** Keys of one authority that are looked at. */
export const MAX_AUTHORITY_KEYS = 64;

export function createAuthorityKeys(documents: AuthorityDocuments): AuthorityKeys {
  const copies = createAuthorityCopies((authority) => fetchKeys(documents, authority));
  return {
    keys: (authority, at, kid) =>
      copies.get(authority, at, (keys, age) => {
        const unknown = kid !== undefined && !keys.some((key) => key.kid === kid);
        return age < AUTHORITY_FRESH_MS && (!unknown || age < AUTHORITY_REFRESH_MS);
      }),
  };
}

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
