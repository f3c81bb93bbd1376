import { CodedError, hasCode } from '@touchstone/errors';
import type { CheckLog } from '@touchstone/decision';
import { authoritiesFor } from '@touchstone/release';
import type { AuthorityEntry, ReleasePolicy } from '@touchstone/release';
import { TokenError, jwtClaims, parseCompactJws, verifyToken } from '@touchstone/token';
import type { Jwk, TokenErrorCode, UnverifiedJws, VerifiedToken } from '@touchstone/token';
import type { AuthorityKeys } from './authority-keys';
import { VaultError } from './vault-error';

/** How far ahead the clock of the attestation service may be; that of a token's end is never stretched. */
export const TOKEN_CLOCK_TOLERANCE_SECONDS = 60;

/** A token whose signature one of the policy's authorities made, and what the policy asks of it. */
export interface TrustedAttestation {
  readonly token: VerifiedToken;
  /** As the policy writes it. */
  readonly authority: string;
  readonly entries: readonly AuthorityEntry[];
}

/**
 * Verifies the attestation token of a release against the authority that the policy names. Neither `iss` nor any
 * header member says where keys come from: `iss` only chooses among the policy's authorities.
 *
 * @throws VaultError VAULT_ATTESTATION_UNVERIFIED, VAULT_POLICY_NOT_MET, VAULT_AUTHORITY_UNREACHABLE
 */
export async function verifyAttestation(
  target: string,
  policy: ReleasePolicy,
  at: Date,
  authorityKeys: AuthorityKeys,
  log: CheckLog,
): Promise<TrustedAttestation> {
  const { jws, issuer } = readToken(target, log);
  const entries = authoritiesFor(policy, issuer);
  const expected = policy.anyOf.map(({ authority }) => authority).join(' or ');
  const [first] = entries;
  if (first === undefined) {
    log.failed('token-authority', { read: issuer, expected, code: 'VAULT_POLICY_NOT_MET' });
    throw new VaultError(
      'VAULT_POLICY_NOT_MET',
      'the policy does not name the issuer of the token',
      { field: 'iss' },
    );
  }
  const { authority } = first;
  log.passed('token-authority', { read: issuer, expected });
  const keys = await fetchKeys(authorityKeys, authority, at, jws, log);
  return {
    token: await verifySignature(target, keys, authority, at, jws, log),
    authority,
    entries,
  };
}

function readToken(target: string, log: CheckLog): { jws: UnverifiedJws; issuer: string } {
  try {
    const jws = parseCompactJws(target);
    const { iss } = jwtClaims(jws);
    if (typeof iss !== 'string') throw new TypeError('the token has no issuer');
    log.passed('token-form');
    return { jws, issuer: iss };
  } catch (cause) {
    const code = hasCode(cause) ? cause.code : 'TOKEN_MALFORMED';
    // `none` is refused on reading: the record should say that it was the algorithm.
    log.failed(code === 'TOKEN_ALGORITHM' ? 'token-algorithm' : 'token-form', {
      code,
      expected: 'a signed JWT',
    });
    throw unverified(cause);
  }
}

async function fetchKeys(
  authorityKeys: AuthorityKeys,
  authority: string,
  at: Date,
  { header }: UnverifiedJws,
  log: CheckLog,
): Promise<readonly Jwk[]> {
  try {
    const kid = typeof header['kid'] === 'string' ? header['kid'] : undefined;
    const keys = await authorityKeys.keys(authority, at, kid);
    log.passed('authority-keys', { read: `${keys.length} keys`, detail: authority });
    return keys;
  } catch (error) {
    log.failed('authority-keys', { detail: authority, code: codeOf(error) });
    throw error;
  }
}

const codeOf = (error: unknown): string =>
  error instanceof CodedError ? error.code : 'UNEXPECTED';

/** The questions in the order in which they are asked, and the codes by which each fails. */
const STEPS: readonly (readonly [name: string, codes: readonly TokenErrorCode[]])[] = [
  ['token-algorithm', ['TOKEN_ALGORITHM']],
  ['token-signer', ['TOKEN_UNKNOWN_KEY', 'TOKEN_KEY_INVALID']],
  ['token-signature', ['TOKEN_SIGNATURE']],
  ['token-issuer', ['TOKEN_ISSUER']],
  ['token-not-before', ['TOKEN_NOT_YET_VALID']],
  ['token-expiry', ['TOKEN_EXPIRED']],
];

async function verifySignature(
  target: string,
  keys: readonly Jwk[],
  authority: string,
  at: Date,
  jws: UnverifiedJws,
  log: CheckLog,
): Promise<VerifiedToken> {
  const details = stepDetails(jws, keys, authority, at);
  try {
    const token = await verifyToken(target, withHeaderCertificate(keys, jws), {
      algorithms: ['RS256'],
      issuer: issuerForms(authority),
      at,
      clockToleranceSeconds: TOKEN_CLOCK_TOLERANCE_SECONDS,
    });
    assertNotOver(token, at);
    for (const [name] of STEPS) log.passed(name, details[name]);
    return token;
  } catch (cause) {
    const code = codeOf(cause);
    const failed = STEPS.findIndex(([, codes]) => (codes as readonly string[]).includes(code));
    for (const [name] of STEPS.slice(0, Math.max(failed, 0))) log.passed(name, details[name]);
    const name = STEPS[failed]?.[0] ?? 'token-form';
    log.failed(name, { ...details[name], code });
    throw unverified(cause);
  }
}

function assertNotOver({ claims }: VerifiedToken, at: Date): void {
  if (Number(claims['exp']) * 1000 > at.getTime()) return;
  throw new TokenError('TOKEN_EXPIRED', 'the token is over', { field: 'exp' });
}

function stepDetails(
  jws: UnverifiedJws,
  keys: readonly Jwk[],
  authority: string,
  at: Date,
): Readonly<Record<string, { read: string; expected: string }>> {
  const claims = jwtClaims(jws);
  const instant = (seconds: unknown): string =>
    typeof seconds === 'number' && Math.abs(seconds) < 1e11
      ? new Date(seconds * 1000).toISOString()
      : 'absent';
  const text = (value: unknown): string =>
    typeof value === 'string' ? value.slice(0, 200) : 'absent';
  const kids = keys.slice(0, 4).map(({ kid }) => text(kid));
  return {
    'token-algorithm': { read: jws.header.alg, expected: 'RS256' },
    'token-signer': { read: text(jws.header['kid']), expected: kids.join(' or ') },
    'token-issuer': { read: text(claims['iss']), expected: authority },
    'token-not-before': {
      read: instant(claims['nbf']),
      expected: `at or before ${at.toISOString()}`,
    },
    'token-expiry': { read: instant(claims['exp']), expected: `after ${at.toISOString()}` },
  };
}

/** `iss` with or without the slash at its end is the same authority. */
function issuerForms(authority: string): string[] {
  const plain = authority.endsWith('/') ? authority.slice(0, -1) : authority;
  return [plain, `${plain}/`];
}

/**
 * A token whose `kid` the authority does not list may still carry, in `x5c`, the very certificate of a listed key;
 * then that key is meant. The certificate of the header is only compared, never believed.
 */
function withHeaderCertificate(keys: readonly Jwk[], { header }: UnverifiedJws): readonly Jwk[] {
  const { kid, x5c } = header;
  if (typeof kid !== 'string' || keys.some((key) => key.kid === kid) || !Array.isArray(x5c))
    return keys;
  const listed = keys.find((key) => key.x5c?.[0] !== undefined && key.x5c[0] === x5c[0]);
  return listed === undefined ? keys : [...keys, { ...listed, kid }];
}

const unverified = (cause: unknown): VaultError =>
  new VaultError('VAULT_ATTESTATION_UNVERIFIED', 'the attestation token cannot be verified', {
    field: 'target',
    cause,
  });
