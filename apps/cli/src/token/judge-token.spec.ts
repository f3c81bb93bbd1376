import { generateKeyPairSync } from 'node:crypto';
import { CodedError } from '@touchstone/errors';
import {
  createTokenSigner,
  maaJwks,
  parseCompactJws,
  revocationDigest,
  signJwt,
} from '@touchstone/token';
import {
  TokenUnjudged,
  judgeToken,
  type TokenAuthority,
  type TokenQuestion,
  type TokenRequest,
} from './judge-token';

const AT = new Date('2026-01-01T00:00:00Z');
const SECONDS = AT.getTime() / 1000;
const ISSUER = 'https://p.eus2.attest.azure.net';

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const signer = createTokenSigner({
  privateKeyPkcs8: new Uint8Array(privateKey.export({ format: 'der', type: 'pkcs8' })),
});
const payload = { iss: ISSUER, nbf: SECONDS, exp: SECONDS + 60, a: 1 };
const jwt = signJwt({ header: { jku: 'https://evil.example/certs' }, payload }, signer);

const authority = (changes: Partial<TokenAuthority> = {}): TokenAuthority => ({
  issuer: ISSUER,
  source: ISSUER,
  keys: async () => maaJwks([signer]).keys,
  ...changes,
});
const judge = (changes: Partial<TokenRequest> = {}) =>
  judgeToken({ jwt, authority: () => authority(), at: AT, questions: [], ...changes });

describe('judgeToken', () => {
  it('shows the claims of a valid token', async () => {
    expect(await judge()).toMatchObject({ verdict: 'valid', issuer: ISSUER, claims: payload });
  });

  it.each<[string, Partial<TokenRequest>, string]>([
    ['is over', { at: new Date(AT.getTime() + 60_000) }, 'TOKEN_EXPIRED'],
    [
      'is of another issuer',
      { authority: () => authority({ issuer: 'https://q' }) },
      'TOKEN_ISSUER',
    ],
    [
      'nobody signed whom the authority lists',
      { authority: () => authority({ keys: async () => [] }) },
      'TOKEN_UNKNOWN_KEY',
    ],
    ['is none', { jwt: 'text' }, 'TOKEN_MALFORMED'],
  ])('rejects one that %s, and says nothing of its claims', async (_name, changes, code) => {
    const judgement = await judge(changes);
    expect(judgement).toMatchObject({ verdict: 'rejected', code });
    expect(judgement.claims).toBeUndefined();
  });

  it('says nothing when there is nobody to ask', async () => {
    const unnamed = () => {
      throw new TokenUnjudged('TOKEN_AUTHORITY_UNNAMED', 'who?');
    };
    const silent = new TokenUnjudged('TOKEN_AUTHORITY_UNREACHABLE', 'no answer');
    expect(await judge({ authority: unnamed })).toMatchObject({ verdict: 'not-judged' });
    expect(
      await judge({ authority: () => authority({ keys: () => Promise.reject(silent) }) }),
    ).toMatchObject({ verdict: 'not-judged', code: 'TOKEN_AUTHORITY_UNREACHABLE' });
  });

  it('rejects one that its issuer took back', async () => {
    const taken = revocationDigest(parseCompactJws(jwt));
    const listing = (revoked: TokenAuthority['revoked']) => ({
      authority: () => authority({ revoked: revoked ?? (async () => undefined) }),
    });
    expect(await judge(listing(async () => new Set([taken])))).toMatchObject({
      verdict: 'rejected',
      code: 'TOKEN_REVOKED',
    });
    expect(await judge(listing(async () => new Set(['other'])))).toMatchObject({
      verdict: 'valid',
    });
    expect(await judge(listing(async () => undefined))).toMatchObject({ verdict: 'valid' });
    const silent = new TokenUnjudged('TOKEN_AUTHORITY_UNREACHABLE', 'no answer');
    expect(await judge(listing(() => Promise.reject(silent)))).toMatchObject({
      verdict: 'not-judged',
    });
  });

  it('asks what else there is to ask, of sound tokens only', async () => {
    class Withdrawn extends CodedError<'WITHDRAWN'> {}
    const question: TokenQuestion = async ({ token }, log) => {
      log.failed('withdrawn', { read: String(token.claims['a']) });
      throw new Withdrawn('WITHDRAWN', 'it was taken back');
    };
    const judgement = await judge({ questions: [question] });
    expect(judgement).toMatchObject({ verdict: 'rejected', code: 'WITHDRAWN' });
    expect(judgement.checks.at(-1)).toEqual({ name: 'withdrawn', result: 'failed', read: '1' });
    const late = await judge({ questions: [question], at: new Date(AT.getTime() + 60_000) });
    expect(late.code).toBe('TOKEN_EXPIRED');
  });

  it('leaves failures of its own to the command', async () => {
    const question = () => Promise.reject(new Error('a fault'));
    await expect(judge({ questions: [question] })).rejects.toThrow('a fault');
  });
});
