import { generateKeyPairSync } from 'node:crypto';
import { CheckLog } from '@touchstone/decision';
import { hasCode } from '@touchstone/errors';
import { readToken } from './check-token';
import { parseCompactJws } from './compact-jws';
import {
  MAX_REVOKED_TOKENS,
  checkRevocation,
  extensionMetadata,
  parseRevocationList,
  revocationDigest,
  revocationList,
  revocationListUri,
} from './revocation';
import { createTokenSigner, signJwt } from './signer';

const AUTHORITY = 'https://p.eus2.attest.azure.net';
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const signer = createTokenSigner({
  privateKeyPkcs8: new Uint8Array(privateKey.export({ format: 'der', type: 'pkcs8' })),
});
const jwt = signJwt({ payload: { iss: AUTHORITY, jti: '1' } }, signer);
const digest = revocationDigest(parseCompactJws(jwt));

function codeOf(work: () => unknown): string | undefined {
  try {
    work();
  } catch (error) {
    return hasCode(error) ? error.code : String(error);
  }
  return undefined;
}

function ask(revoked: ReadonlySet<string> | undefined) {
  const log = new CheckLog();
  const code = codeOf(() => checkRevocation(readToken(jwt, new CheckLog()), revoked, log));
  return { code, result: log.checks[0]?.result };
}

describe('checkRevocation', () => {
  it.each([
    ['that has no list', undefined, { code: undefined, result: 'skipped' }],
    ['that revoked nothing', new Set<string>(), { code: undefined, result: 'passed' }],
    ['that revoked another one', new Set(['AAAA']), { code: undefined, result: 'passed' }],
    ['that revoked it', new Set(['AAAA', digest]), { code: 'TOKEN_REVOKED', result: 'failed' }],
  ])('judges a token of an authority %s', (_name, revoked, expected) => {
    expect(ask(revoked)).toEqual(expected);
  });

  it('knows a token by what is signed', () => {
    const other = parseCompactJws(signJwt({ payload: { iss: AUTHORITY, jti: '2' } }, signer));
    expect(revocationDigest(other)).not.toBe(digest);
    expect(digest).toMatch(/^[A-Za-z0-9_-]{43}$/);
  });
});

describe('a list', () => {
  it('is read as it was written', () => {
    const published: unknown = JSON.parse(JSON.stringify(revocationList([digest])));
    expect(parseRevocationList(published)).toEqual(new Set([digest]));
  });

  it.each([
    ['nothing', undefined],
    ['no list', {}],
    ['a list of something else', { revoked: [1] }],
    ['a list alone', []],
    ['too many', { revoked: Array(MAX_REVOKED_TOKENS + 1).fill(digest) }],
  ])('is not taken from %s', (_name, value) => {
    expect(codeOf(() => parseRevocationList(value))).toBe('TOKEN_REVOCATIONS_INVALID');
  });
});

describe('revocationListUri', () => {
  it('is at the authority', () => {
    expect(revocationListUri(extensionMetadata(AUTHORITY), AUTHORITY)).toBe(
      `${AUTHORITY}/revocations`,
    );
  });

  it.each([
    ['no document', undefined],
    ['a document without one', {}],
  ])('is none with %s', (_name, metadata) => {
    expect(revocationListUri(metadata, AUTHORITY)).toBeUndefined();
  });

  it.each([
    ['is elsewhere', { revocation_list_uri: 'https://evil.example/revocations' }],
    ['is no address', { revocation_list_uri: 'revocations' }],
    ['is a number', { revocation_list_uri: 1 }],
    ['is in no document', 'text'],
  ])('that %s is refused', (_name, metadata) => {
    expect(codeOf(() => revocationListUri(metadata, AUTHORITY))).toBe('TOKEN_REVOCATIONS_INVALID');
  });
});
