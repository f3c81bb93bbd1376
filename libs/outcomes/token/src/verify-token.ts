import type { KeyObject } from 'node:crypto';
import type { JsonObject } from '@touchstone/claims';
import { errors, jwtVerify, type JWTVerifyOptions } from 'jose';
import { jwtClaims, parseCompactJws, type UnverifiedJws } from './compact-jws';
import { jwkPublicKey, type Jwk } from './jwks';
import { MIN_RSA_BITS } from './signer';
import { TokenError, type TokenErrorCode } from './token-error';

/** Algorithms that a caller may allow. */
export type TokenAlgorithm = 'RS256';

export interface TokenExpectations {
  readonly algorithms: readonly TokenAlgorithm[];
  readonly at: Date;
  /** One of these must be `iss`, exactly. Left out: `iss` is not looked at. */
  readonly issuer?: string | readonly string[];
  /** One of these must be in `aud`. Left out: `aud` is not looked at. */
  readonly audience?: string | readonly string[];
  /** Slack for `exp` and `nbf`. Default 0. */
  readonly clockToleranceSeconds?: number;
}

/** A token whose signature, times and expected claims were checked. */
export interface VerifiedToken {
  readonly header: JsonObject & { readonly alg: string };
  readonly claims: JsonObject;
  /** The key that verified it. */
  readonly jwk: Jwk;
}

const keys = new WeakMap<Jwk, KeyObject>();

/**
 * Verifies a JWT against a key set that the caller fetched from an authority of its own choice. The key
 * is the one whose `kid` equals the header's; `jku`, `jwk`, `x5u` and `x5c` of the header are ignored,
 * for a token must not name its own judge. A token without `exp` is refused.
 *
 * @throws TokenError
 */
export async function verifyToken(
  jwt: string,
  jwks: readonly Jwk[],
  expected: TokenExpectations,
): Promise<VerifiedToken> {
  const jws = parseCompactJws(jwt);
  if (!(expected.algorithms as readonly string[]).includes(jws.header.alg)) {
    throw new TokenError('TOKEN_ALGORITHM', 'the algorithm is not allowed', { field: 'alg' });
  }
  const claims = jwtClaims(jws);
  const jwk = keyFor(jws, jwks);
  const key = publicKey(jwk);
  try {
    await jwtVerify(jwt, key, joseOptions(expected));
  } catch (cause) {
    throw asTokenError(cause);
  }
  return { header: jws.header, claims, jwk };
}

function keyFor(jws: UnverifiedJws, jwks: readonly Jwk[]): Jwk {
  const { kid } = jws.header;
  const found = typeof kid === 'string' ? jwks.find((jwk) => jwk.kid === kid) : undefined;
  if (found) return found;
  throw new TokenError('TOKEN_UNKNOWN_KEY', 'no key of the set has the kid of the token', {
    field: 'kid',
  });
}

/** Parsed once for each JWK object: callers keep their key sets. */
function publicKey(jwk: Jwk): KeyObject {
  const known = keys.get(jwk);
  if (known) return known;
  const key = jwkPublicKey(jwk);
  if ((key.asymmetricKeyDetails?.modulusLength ?? 0) < MIN_RSA_BITS) {
    throw new TokenError('TOKEN_KEY_INVALID', 'the key is too short to be believed', {
      field: 'kid',
    });
  }
  keys.set(jwk, key);
  return key;
}

function joseOptions(expected: TokenExpectations): JWTVerifyOptions {
  const { issuer, audience } = expected;
  return {
    algorithms: [...expected.algorithms],
    currentDate: expected.at,
    clockTolerance: expected.clockToleranceSeconds ?? 0,
    requiredClaims: ['exp'],
    ...(issuer !== undefined && { issuer: typeof issuer === 'string' ? issuer : [...issuer] }),
    ...(audience !== undefined && {
      audience: typeof audience === 'string' ? audience : [...audience],
    }),
  };
}

const CLAIM_CODES: Readonly<Record<string, TokenErrorCode>> = {
  exp: 'TOKEN_EXPIRED',
  nbf: 'TOKEN_NOT_YET_VALID',
  iss: 'TOKEN_ISSUER',
  aud: 'TOKEN_AUDIENCE',
};

function asTokenError(cause: unknown): TokenError {
  if (cause instanceof errors.JWSSignatureVerificationFailed) {
    return new TokenError('TOKEN_SIGNATURE', 'the signature does not verify', {
      field: 'signature',
      cause,
    });
  }
  if (cause instanceof errors.JWTExpired || cause instanceof errors.JWTClaimValidationFailed) {
    const { claim, reason } = cause;
    const malformed = reason === 'invalid' || (reason === 'missing' && claim === 'exp');
    const code = malformed ? 'TOKEN_MALFORMED' : (CLAIM_CODES[claim] ?? 'TOKEN_MALFORMED');
    return new TokenError(code, `the claim ${claim} is not as expected`, { field: claim, cause });
  }
  if (cause instanceof errors.JOSEAlgNotAllowed) {
    return new TokenError('TOKEN_ALGORITHM', 'the algorithm is not allowed', {
      field: 'alg',
      cause,
    });
  }
  return new TokenError('TOKEN_MALFORMED', 'the token cannot be verified', {
    field: 'token',
    cause,
  });
}
