import { createHmac, generateKeyPairSync } from 'node:crypto';
import { fromUtf8, toBase64Url } from '@touchstone/bytes';
import { hasCode } from '@touchstone/errors';
import { compactJws, signingInput } from './compact-jws';
import { maaJwks, type Jwk } from './jwks';
import { createTokenSigner, signJwt, unsecuredJwt, type TokenSigner } from './signer';
import { verifyToken, type TokenExpectations } from './verify-token';

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
const { keys } = maaJwks([signer]);
const payload = { iss: ISSUER, iat: SECONDS, nbf: SECONDS, exp: SECONDS + 60 };
const expected: TokenExpectations = { algorithms: ['RS256'], at: AT, issuer: ISSUER };

async function codeOf(
  token: string,
  changes: Partial<TokenExpectations> = {},
  set: readonly Jwk[] = keys,
) {
  try {
    await verifyToken(token, set, { ...expected, ...changes });
    return undefined;
  } catch (error) {
    return hasCode(error) ? error.code : String(error);
  }
}

/** A token with this header under a signature that would be right. */
const withHeader = (header: object): string => {
  const input = signingInput(header, payload);
  return compactJws(input, signer.sign(fromUtf8(input)));
};

describe('verifyToken', () => {
  it('gives header, claims and key of a good token', async () => {
    const token = signJwt({ header: { jku: `${ISSUER}/certs` }, payload }, signer);
    const verified = await verifyToken(token, keys, expected);
    expect(verified.header).toEqual({
      alg: 'RS256',
      jku: `${ISSUER}/certs`,
      kid: signer.kid,
      typ: 'JWT',
    });
    expect(verified.claims).toEqual(payload);
    expect(verified.jwk.kid).toBe(signer.kid);
  });

  it.each<[string, object, Partial<TokenExpectations>, string | undefined]>([
    ['at its last second', {}, { at: new Date(AT.getTime() + 59_999) }, undefined],
    ['at its end', {}, { at: new Date(AT.getTime() + 60_000) }, 'TOKEN_EXPIRED'],
    [
      'within the slack',
      {},
      { at: new Date(AT.getTime() + 60_000), clockToleranceSeconds: 5 },
      undefined,
    ],
    ['before its begin', {}, { at: new Date(AT.getTime() - 1000) }, 'TOKEN_NOT_YET_VALID'],
    ['without an end', { exp: undefined }, {}, 'TOKEN_MALFORMED'],
    ['with an end that is text', { exp: '9999999999' }, {}, 'TOKEN_MALFORMED'],
    ['of another issuer', { iss: `${ISSUER}/` }, {}, 'TOKEN_ISSUER'],
    ['of no issuer', { iss: undefined }, {}, 'TOKEN_ISSUER'],
    ['of one of several issuers', {}, { issuer: ['https://a', ISSUER] }, undefined],
    ['for nobody', {}, { audience: 'https://vault.azure.net' }, 'TOKEN_AUDIENCE'],
    ['for somebody else', { aud: 'x' }, { audience: 'https://vault.azure.net' }, 'TOKEN_AUDIENCE'],
    ['for us among others', { aud: ['x', 'y'] }, { audience: ['y'] }, undefined],
  ])('judges a token %s', async (_name, claims, changes, code) => {
    expect(await codeOf(signJwt({ payload: { ...payload, ...claims } }, signer), changes)).toBe(
      code,
    );
  });

  it('refuses a signature of another key under the same kid', async () => {
    expect(await codeOf(signJwt({ payload }, stranger))).toBe('TOKEN_SIGNATURE');
  });

  it('refuses a key that the set does not hold', async () => {
    expect(await codeOf(signJwt({ payload }, aSigner()))).toBe('TOKEN_UNKNOWN_KEY');
    expect(await codeOf(withHeader({ alg: 'RS256' }))).toBe('TOKEN_UNKNOWN_KEY');
    expect(await codeOf(withHeader({ alg: 'RS256', kid: ['x'] }))).toBe('TOKEN_UNKNOWN_KEY');
  });

  it('refuses a key that is too short, as the service had some until 2021', async () => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
    const short = { ...publicKey.export({ format: 'jwk' }), kty: 'RSA', kid: signer.kid };
    expect(await codeOf(signJwt({ payload }, signer), {}, [short])).toBe('TOKEN_KEY_INVALID');
  });

  it('refuses any flipped character', async () => {
    const token = signJwt({ payload }, signer);
    for (let index = 0; index < token.length; index += 7) {
      const flipped = token[index] === 'A' ? 'B' : 'A';
      expect(await codeOf(token.slice(0, index) + flipped + token.slice(index + 1))).toBeDefined();
    }
  });

  it('refuses an unsigned token', async () => {
    expect(await codeOf(unsecuredJwt(payload))).toBe('TOKEN_ALGORITHM');
  });

  it.each(['RS512', 'PS256', 'ES256', 'None', 'nOnE', 'rs256'])(
    'refuses algorithm %s',
    async (alg) => {
      expect(await codeOf(withHeader({ alg, kid: signer.kid }))).toBe('TOKEN_ALGORITHM');
    },
  );

  it('refuses HS256 under the public key', async () => {
    const input = signingInput({ alg: 'HS256', kid: signer.kid }, payload);
    const mac = createHmac('sha256', signer.spki).update(input).digest();
    expect(await codeOf(compactJws(input, new Uint8Array(mac)))).toBe('TOKEN_ALGORITHM');
  });

  it('does not take its key from the header', async () => {
    const [own] = maaJwks([stranger]).keys;
    const input = signingInput(
      { alg: 'RS256', kid: signer.kid, jwk: own, jku: 'https://evil.example/certs' },
      payload,
    );
    const token = compactJws(input, stranger.sign(fromUtf8(input)));
    expect(await codeOf(token)).toBe('TOKEN_SIGNATURE');
  });

  it.each<[string, Jwk]>([
    ['of another type', { kty: 'EC', kid: signer.kid }],
    ['without material', { kty: 'RSA', kid: signer.kid }],
    ['with a broken certificate', { kty: 'RSA', kid: signer.kid, x5c: ['AAAA'] }],
    ['with text that is no base64', { kty: 'RSA', kid: signer.kid, x5c: ['?'] }],
  ])('refuses a key %s', async (_name, jwk) => {
    expect(await codeOf(signJwt({ payload }, signer), {}, [jwk])).toBe('TOKEN_KEY_INVALID');
  });
});

describe('createTokenSigner', () => {
  const der = (modulusLength: number): Uint8Array =>
    new Uint8Array(
      generateKeyPairSync('rsa', { modulusLength }).privateKey.export({
        format: 'der',
        type: 'pkcs8',
      }),
    );

  it.each([
    ['a short key', () => der(1024)],
    ['bytes that are no key', () => fromUtf8('key')],
  ])('refuses %s', (_name, key) => {
    let caught: unknown;
    try {
      createTokenSigner({ privateKeyPkcs8: key() });
    } catch (error) {
      caught = error;
    }
    expect(hasCode(caught, 'TOKEN_KEY_INVALID')).toBe(true);
  });

  it('writes header and payload in canonical JSON', () => {
    const [header, body] = signJwt(
      { header: { jku: 'u' }, payload: { b: { d: 1, c: 2 }, a: 3 } },
      signer,
    ).split('.');
    expect(header).toBe(
      toBase64Url(fromUtf8(`{"alg":"RS256","jku":"u","kid":"${signer.kid}","typ":"JWT"}`)),
    );
    expect(body).toBe(toBase64Url(fromUtf8('{"a":3,"b":{"c":2,"d":1}}')));
  });
});
