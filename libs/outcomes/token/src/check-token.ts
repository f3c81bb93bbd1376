import type { JsonObject } from '@touchstone/claims';
import type { CheckLog } from '@touchstone/decision';
import { hasCode } from '@touchstone/errors';
import { jwtClaims, parseCompactJws, type UnverifiedJws } from './compact-jws';
import type { Jwk } from './jwks';
import { TokenError, type TokenErrorCode } from './token-error';
import { verifyToken, type VerifiedToken } from './verify-token';

/** How far ahead the clock of the issuer may be; that of a token's end is never stretched. */
export const TOKEN_CLOCK_TOLERANCE_SECONDS = 60;
const MAX_SHOWN_CHARACTERS = 200;
const MAX_SHOWN_KEYS = 4;
/** Later instants are no dates. */
const MAX_SECONDS = 1e11;

/** A token that can be read; nothing of it is proven. */
export interface ReadToken {
  readonly jwt: string;
  readonly jws: UnverifiedJws;
  readonly claims: JsonObject;
}

export interface CheckExpectations {
  /** Who must have issued it, with or without a slash at the end. Left out: `iss` is not looked at, and that is said. */
  readonly issuer?: string;
  readonly at: Date;
}

/**
 * Reads a token and says so in the log: check `token-form`, or `token-algorithm` for one that is not signed.
 *
 * @throws TokenError TOKEN_MALFORMED or TOKEN_ALGORITHM
 */
export function readToken(jwt: string, log: CheckLog): ReadToken {
  try {
    const jws = parseCompactJws(jwt);
    const token = { jwt, jws, claims: jwtClaims(jws) };
    log.passed('token-form');
    return token;
  } catch (error) {
    const code = codeOf(error);
    // `none` is refused on reading: the record should say that it was the algorithm.
    const name = code === 'TOKEN_ALGORITHM' ? 'token-algorithm' : 'token-form';
    log.failed(name, { code, expected: 'a signed JWT' });
    throw error;
  }
}

/** The questions in the order in which they are asked, and the codes by which each fails. */
const STEPS: readonly (readonly [name: string, codes: readonly TokenErrorCode[]])[] = [
  ['token-algorithm', ['TOKEN_ALGORITHM']],
  ['token-signer', ['TOKEN_UNKNOWN_KEY', 'TOKEN_KEY_INVALID']],
  ['token-signature', ['TOKEN_SIGNATURE']],
  ['token-issuer', ['TOKEN_ISSUER']],
  ['token-not-before', ['TOKEN_NOT_YET_VALID']],
  ['token-expiry', ['TOKEN_EXPIRED']],
];

/**
 * Verifies a token under the keys of the authority that the caller believes, and puts each question and its answer
 * into the log.
 *
 * @throws TokenError
 */
export async function checkToken(
  { jwt, jws, claims }: ReadToken,
  keys: readonly Jwk[],
  { issuer, at }: CheckExpectations,
  log: CheckLog,
): Promise<VerifiedToken> {
  const details = stepDetails(jws, claims, keys, { issuer, at });
  const pass = (name: string): void => {
    if (name === 'token-issuer' && issuer === undefined) log.skipped(name, details[name]);
    else log.passed(name, details[name]);
  };
  try {
    const token = await verifyToken(jwt, keys, {
      algorithms: ['RS256'],
      ...(issuer !== undefined && { issuer: issuerForms(issuer) }),
      at,
      clockToleranceSeconds: TOKEN_CLOCK_TOLERANCE_SECONDS,
    });
    assertNotOver(token, at);
    for (const [name] of STEPS) pass(name);
    return token;
  } catch (error) {
    const code = codeOf(error);
    const failed = STEPS.findIndex(([, codes]) => (codes as readonly string[]).includes(code));
    for (const [name] of STEPS.slice(0, Math.max(failed, 0))) pass(name);
    const name = STEPS[failed]?.[0] ?? 'token-form';
    log.failed(name, { ...details[name], code });
    throw error;
  }
}

function assertNotOver({ claims }: VerifiedToken, at: Date): void {
  if (Number(claims['exp']) * 1000 > at.getTime()) return;
  throw new TokenError('TOKEN_EXPIRED', 'the token is over', { field: 'exp' });
}

/** `iss` with or without the slash at its end is the same authority. */
function issuerForms(issuer: string): string[] {
  const plain = issuer.endsWith('/') ? issuer.slice(0, -1) : issuer;
  return [plain, `${plain}/`];
}

function stepDetails(
  jws: UnverifiedJws,
  claims: JsonObject,
  keys: readonly Jwk[],
  { issuer, at }: { issuer: string | undefined; at: Date },
): Readonly<Record<string, { read: string; expected: string }>> {
  const kids = keys.slice(0, MAX_SHOWN_KEYS).map(({ kid }) => text(kid));
  return {
    'token-algorithm': { read: jws.header.alg, expected: 'RS256' },
    'token-signer': { read: text(jws.header['kid']), expected: kids.join(' or ') },
    'token-issuer': { read: text(claims['iss']), expected: issuer ?? 'anybody' },
    'token-not-before': {
      read: instant(claims['nbf']),
      expected: `at or before ${at.toISOString()}`,
    },
    'token-expiry': { read: instant(claims['exp']), expected: `after ${at.toISOString()}` },
  };
}

const instant = (seconds: unknown): string =>
  typeof seconds === 'number' && Math.abs(seconds) < MAX_SECONDS
    ? new Date(seconds * 1000).toISOString()
    : 'absent';

const text = (value: unknown): string =>
  typeof value === 'string' ? value.slice(0, MAX_SHOWN_CHARACTERS) : 'absent';

const codeOf = (error: unknown): string => (hasCode(error) ? error.code : 'UNEXPECTED');
