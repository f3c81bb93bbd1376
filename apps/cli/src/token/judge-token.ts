import { CheckLog, type Check } from '@touchstone/decision';
import { CodedError, hasCode } from '@touchstone/errors';
import {
  checkRevocation,
  checkToken,
  readToken,
  type Jwk,
  type ReadToken,
  type VerifiedToken,
} from '@touchstone/token';

/** `not-judged`: whoever could say is not named or cannot be asked, so that nothing is said about the token. */
export type TokenVerdict = 'valid' | 'rejected' | 'not-judged';

/** Why nothing can be said; every other coded error speaks against the token. */
export class TokenUnjudged extends CodedError<
  | 'TOKEN_AUTHORITY_UNNAMED'
  | 'TOKEN_AUTHORITY_UNREACHABLE'
  | 'TOKEN_KEYS_UNREADABLE'
  | 'SIGNER_NOT_JUDGED'
> {}

/** Who says which keys sign. */
export interface TokenAuthority {
  /** What `iss` has to be; absent when only keys are given. */
  readonly issuer?: string;
  /** Where the keys come from, for people. */
  readonly source: string;
  /** @throws TokenUnjudged */
  keys(): Promise<readonly Jwk[]>;
  /**
   * Digests of what it took back; undefined when it has no list. Absent when nobody is asked.
   *
   * @throws TokenUnjudged
   */
  readonly revoked?: () => Promise<ReadonlySet<string> | undefined>;
}

/** A token whose signature, issuer and times hold. */
export interface SoundToken {
  readonly jwt: string;
  readonly token: VerifiedToken;
  readonly authority: TokenAuthority;
}

/**
 * A further question: it logs its answer, and throws when that speaks against the token, or a `TokenUnjudged` when there
 * is none.
 */
export type TokenQuestion = (sound: SoundToken, log: CheckLog) => Promise<void>;

export interface TokenRequest {
  readonly jwt: string;
  /** Chosen by the caller; the token's unproven claims may only choose among authorities that are trusted anyway. */
  readonly authority: (claims: Readonly<Record<string, unknown>>) => TokenAuthority;
  readonly at: Date;
  /** Asked in turn, once the token is sound. */
  readonly questions: readonly TokenQuestion[];
}

export interface TokenJudgement {
  readonly verdict: TokenVerdict;
  /** Stable code of the refusal, or of why nothing was judged. */
  readonly code?: string;
  readonly reason?: string;
  /** Proven when the verdict is `valid`; absent otherwise. */
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly issuer?: string;
  readonly checks: readonly Check[];
  readonly at: Date;
}

/** A refusal is an answer; it rejects only for failures of our own. */
export async function judgeToken(request: TokenRequest): Promise<TokenJudgement> {
  const { at } = request;
  const log = new CheckLog();
  try {
    const { token, authority } = await judge(request, log);
    const { issuer } = authority;
    return {
      verdict: 'valid',
      claims: token.claims,
      ...(issuer !== undefined && { issuer }),
      checks: log.checks,
      at,
    };
  } catch (error) {
    if (!hasCode(error)) throw error;
    const verdict = error instanceof TokenUnjudged ? 'not-judged' : 'rejected';
    return { verdict, code: error.code, reason: error.message, checks: log.checks, at };
  }
}

async function judge(request: TokenRequest, log: CheckLog): Promise<SoundToken> {
  const read = readToken(request.jwt, log);
  const authority = request.authority(read.claims);
  const keys = await fetchKeys(authority, log);
  const { issuer } = authority;
  const expected = { at: request.at, ...(issuer !== undefined && { issuer }) };
  const token = await checkToken(read, keys, expected, log);
  await askRevocation(read, authority, log);
  const sound = { jwt: request.jwt, token, authority };
  for (const ask of request.questions) await ask(sound, log);
  return sound;
}

async function askRevocation(
  read: ReadToken,
  { revoked, source }: TokenAuthority,
  log: CheckLog,
): Promise<void> {
  if (!revoked) return log.skipped('token-revocation', { detail: 'nobody is asked' });
  try {
    checkRevocation(read, await revoked(), log);
  } catch (error) {
    if (error instanceof TokenUnjudged)
      log.failed('token-revocation', { detail: source, code: error.code });
    throw error;
  }
}

async function fetchKeys(authority: TokenAuthority, log: CheckLog): Promise<readonly Jwk[]> {
  const detail = authority.source;
  try {
    const keys = await authority.keys();
    log.passed('authority-keys', { read: `${keys.length} keys`, detail });
    return keys;
  } catch (error) {
    log.failed('authority-keys', { detail, ...(hasCode(error) && { code: error.code }) });
    throw error;
  }
}
