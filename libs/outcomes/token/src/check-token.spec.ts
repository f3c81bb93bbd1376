import { generateKeyPairSync } from 'node:crypto';
import { CheckLog } from '@touchstone/decision';
import { TOKEN_CLOCK_TOLERANCE_SECONDS, checkToken, readToken } from './check-token';
import { maaJwks } from './jwks';
import { createTokenSigner, signJwt, unsecuredJwt, type TokenSigner } from './signer';

const AT = new Date('2026-01-01T00:00:00Z');
const SECONDS = AT.getTime() / 1000;
const ISSUER = 'https://p.eus2.attest.azure.net';

function aSigner(kid?: string): TokenSigner {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const privateKeyPkcs8 = new Uint8Array(privateKey.export({ format: 'der', type: 'pkcs8' }));
  return createTokenSigner({ privateKeyPkcs8, ...(kid !== undefined && { kid }) });
}

const signer = aSigner();
const stranger = aSigner(signer.kid);
const unlisted = aSigner();
const { keys } = maaJwks([signer]);
const payload = { iss: ISSUER, nbf: SECONDS, exp: SECONDS + 60 };

async function ask(jwt: string, issuer?: string) {
  const log = new CheckLog();
  let refused: unknown;
  try {
    const expected = { at: AT, ...(issuer !== undefined && { issuer }) };
    await checkToken(readToken(jwt, log), keys, expected, log);
  } catch (error) {
    refused = error;
  }
  const results = log.checks.map(({ name, result }) => `${name} ${result}`);
  return { refused, results, failed: log.checks.find(({ result }) => result === 'failed') };
}

describe('checkToken', () => {
  it('asks every question of a good token', async () => {
    expect(await ask(signJwt({ payload }, signer), ISSUER)).toMatchObject({
      refused: undefined,
      results: [
        'token-form passed',
        'token-algorithm passed',
        'token-signer passed',
        'token-signature passed',
        'token-issuer passed',
        'token-not-before passed',
        'token-expiry passed',
      ],
    });
  });

  it('says that the issuer was not looked at', async () => {
    const { refused, results } = await ask(signJwt({ payload }, signer));
    expect(refused).toBeUndefined();
    expect(results).toContain('token-issuer skipped');
  });

  it('does not mind a slash at the end of the issuer', async () => {
    expect((await ask(signJwt({ payload }, signer), `${ISSUER}/`)).refused).toBeUndefined();
  });

  it.each<[string, string, string, string]>([
    ['is no token', 'text', 'token-form', 'TOKEN_MALFORMED'],
    ['is not signed', unsecuredJwt(payload), 'token-algorithm', 'TOKEN_ALGORITHM'],
    ['has an unlisted key', signJwt({ payload }, unlisted), 'token-signer', 'TOKEN_UNKNOWN_KEY'],
    ['is a stranger’s', signJwt({ payload }, stranger), 'token-signature', 'TOKEN_SIGNATURE'],
    [
      'is of another provider',
      signJwt({ payload: { ...payload, iss: 'https://q.eus2.attest.azure.net' } }, signer),
      'token-issuer',
      'TOKEN_ISSUER',
    ],
    [
      'is of tomorrow',
      signJwt(
        { payload: { ...payload, nbf: SECONDS + TOKEN_CLOCK_TOLERANCE_SECONDS + 1 } },
        signer,
      ),
      'token-not-before',
      'TOKEN_NOT_YET_VALID',
    ],
    [
      'is just over',
      signJwt({ payload: { ...payload, exp: SECONDS } }, signer),
      'token-expiry',
      'TOKEN_EXPIRED',
    ],
    ['has no end', signJwt({ payload: { iss: ISSUER } }, signer), 'token-form', 'TOKEN_MALFORMED'],
  ])('names the question that a token fails which %s', async (_name, jwt, name, code) => {
    const { refused, failed } = await ask(jwt, ISSUER);
    expect(refused).toMatchObject({ code });
    expect(failed).toMatchObject({ name, code });
  });
});
