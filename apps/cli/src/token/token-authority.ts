import { toUtf8 } from '@touchstone/bytes';
import { parseJsonObject, type JsonValue } from '@touchstone/claims';
import type { HttpClient } from '@touchstone/http-client';
import { createMaaClient, type MaaClient } from '@touchstone/maa-client';
import type { Jwk } from '@touchstone/token';
import { readGiven } from '../verify/given-files';
import { TokenUnjudged, type TokenAuthority } from './judge-token';

/** Keys of one set that are looked at. */
const MAX_KEYS = 64;

/** A provider that is asked over the network, at its own address and nowhere else. */
export function issuerAuthority(issuer: string, http: HttpClient): TokenAuthority {
  const provider = clientOf(issuer, http);
  return {
    issuer: provider.endpoint,
    source: provider.endpoint,
    keys: async () => (await told(provider, 'its keys', provider.certs)).slice(0, MAX_KEYS),
    revoked: () => told(provider, 'which tokens it revoked', provider.revoked),
  };
}

async function told<Answer>(
  { endpoint }: MaaClient,
  what: string,
  ask: () => Promise<Answer>,
): Promise<Answer> {
  try {
    return await ask();
  } catch (cause) {
    throw new TokenUnjudged('TOKEN_AUTHORITY_UNREACHABLE', `${endpoint} does not tell ${what}`, {
      field: 'issuer',
      cause,
    });
  }
}

function clientOf(endpoint: string, http: HttpClient): MaaClient {
  try {
    return createMaaClient({ endpoint, http });
  } catch (cause) {
    throw new TokenUnjudged('TOKEN_AUTHORITY_UNNAMED', `${endpoint} is no https address`, {
      field: 'issuer',
      cause,
    });
  }
}

/** A key set in a file, for when nobody can be asked; `issuer` is compared if it is given. */
export function fileAuthority(file: string, issuer?: string): TokenAuthority {
  return {
    ...(issuer !== undefined && { issuer }),
    source: file,
    async keys() {
      const bytes = await readGiven(file).catch((cause: unknown) => {
        throw unreadable(file, cause);
      });
      return keysIn(bytes, file);
    },
  };
}

function keysIn(bytes: Uint8Array, file: string): readonly Jwk[] {
  let keys: JsonValue | undefined;
  try {
    keys = parseJsonObject(toUtf8(bytes), 'jwks')['keys'];
  } catch (cause) {
    throw unreadable(file, cause);
  }
  if (!Array.isArray(keys)) throw unreadable(file);
  return keys.slice(0, MAX_KEYS).filter(isJwk);
}

const isJwk = (value: unknown): value is Jwk =>
  typeof value === 'object' && value !== null && 'kty' in value && typeof value.kty === 'string';

const unreadable = (file: string, cause?: unknown): TokenUnjudged =>
  new TokenUnjudged('TOKEN_KEYS_UNREADABLE', `${file} holds no JSON web key set`, {
    field: 'jwks',
    cause,
  });
