import { hasCode } from '@touchstone/errors';
import type { CheckLog } from '@touchstone/decision';
import { authoritiesFor } from '@touchstone/release';
import type { AuthorityEntry, ReleasePolicy } from '@touchstone/release';
import { TokenError, checkRevocation, checkToken, readToken } from '@touchstone/token';
import type { Jwk, ReadToken, UnverifiedJws, VerifiedToken } from '@touchstone/token';
import type { AuthorityKeys } from './authority-keys';
import type { AuthorityRevocations } from './authority-revocations';
import { VaultError } from './vault-error';

/** A token whose signature one of the policy's authorities made, and what the policy asks of it. */
export interface TrustedAttestation {
  readonly token: VerifiedToken;
  /** As the policy writes it. */
  readonly authority: string;
  readonly entries: readonly AuthorityEntry[];
}

/** What is asked of the authority that a policy names. */
export interface Authorities {
  readonly keys: AuthorityKeys;
  readonly revocations: AuthorityRevocations;
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
  { keys: authorityKeys, revocations }: Authorities,
  log: CheckLog,
): Promise<TrustedAttestation> {
  const { token, issuer } = readIssuer(target, log);
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
  const keys = await fetchKeys(authorityKeys, authority, at, token.jws, log);
  const verified = await verify(token, keys, { issuer: authority, at }, log);
  assertNotRevoked(token, await fetchRevoked(revocations, authority, at, log), log);
  return { token: verified, authority, entries };
}

/** A list that there should be and that cannot be had says nothing: the token is not believed without it. */
async function fetchRevoked(
  revocations: AuthorityRevocations,
  authority: string,
  at: Date,
  log: CheckLog,
): Promise<ReadonlySet<string> | undefined> {
  try {
    return await revocations.revoked(authority, at);
  } catch (error) {
    const code = hasCode(error) ? error.code : 'UNEXPECTED';
    log.failed('token-revocation', { detail: authority, code });
    throw error;
  }
}

function assertNotRevoked(
  token: ReadToken,
  revoked: ReadonlySet<string> | undefined,
  log: CheckLog,
): void {
  try {
    checkRevocation(token, revoked, log);
  } catch (cause) {
    throw unverified(cause);
  }
}

function readIssuer(target: string, log: CheckLog): { token: ReadToken; issuer: string } {
  try {
    const token = readToken(target, log);
    const { iss } = token.claims;
    if (typeof iss === 'string') return { token, issuer: iss };
    log.failed('token-issuer', { code: 'TOKEN_ISSUER', read: 'absent', expected: 'an authority' });
    throw new TokenError('TOKEN_ISSUER', 'the token has no issuer', { field: 'iss' });
  } catch (cause) {
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
    const code = hasCode(error) ? error.code : 'UNEXPECTED';
    log.failed('authority-keys', { detail: authority, code });
    throw error;
  }
}

async function verify(
  token: ReadToken,
  keys: readonly Jwk[],
  expected: { readonly issuer: string; readonly at: Date },
  log: CheckLog,
): Promise<VerifiedToken> {
  try {
    return await checkToken(token, withHeaderCertificate(keys, token.jws), expected, log);
  } catch (cause) {
    throw unverified(cause);
  }
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
