import { generateKeyPairSync } from 'node:crypto';
import { fromUtf8 } from '@touchstone/bytes';
import {
  createTokenSigner,
  maaJwks,
  signJwt,
  unsecuredJwt,
  type Jwks,
  type TokenSigner,
} from '@touchstone/token';
import { createBearerVerifier } from './bearer-verifier';

const TENANT = '11111111-2222-3333-4444-555555555555';
const AUTHORITY = 'https://login.example';
const VAULT = 'https://vault.azure.net';

function aSigner(kid: string): TokenSigner {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const privateKeyPkcs8 = new Uint8Array(privateKey.export({ format: 'der', type: 'pkcs8' }));
  return createTokenSigner({ privateKeyPkcs8, kid });
}

const signer = aSigner('first');
const second = aSigner('second');
const START = Date.UTC(2026, 0, 1);
let now = START;
let published: Jwks;
let reachable = true;
let fetches: string[] = [];

const aVerifier = () =>
  createBearerVerifier({
    authority: AUTHORITY,
    tenant: TENANT,
    clock: { now: () => new Date(now) },
    http: {
      request: async ({ url }) => {
        fetches.push(url);
        if (!reachable) throw new Error('no route');
        return { status: 200, body: fromUtf8(JSON.stringify(published)) };
      },
    },
  });

const claims = (changes: Record<string, unknown> = {}) => ({
  aud: VAULT,
  iss: `https://sts.windows.net/${TENANT}/`,
  iat: START / 1000,
  nbf: START / 1000,
  exp: START / 1000 + 3_600,
  ver: '1.0',
  appid: 'app',
  oid: 'object',
  tid: TENANT,
  ...changes,
});
const bearer = (changes: Record<string, unknown> = {}, key = signer): string =>
  `Bearer ${signJwt({ payload: claims(changes) }, key)}`;

beforeEach(() => {
  now = START;
  published = maaJwks([signer]);
  reachable = true;
  fetches = [];
});

describe('verify', () => {
  it('gives the principal of a v1 token', async () => {
    expect(await aVerifier().verify(bearer(), [VAULT])).toEqual({
      oid: 'object',
      appid: 'app',
      tid: TENANT,
      audience: VAULT,
      roles: [],
    });
    expect(fetches).toEqual([`${AUTHORITY}/${TENANT}/discovery/v2.0/keys`]);
  });

  it('gives the principal of a v2 token', async () => {
    const token = bearer({
      ver: '2.0',
      iss: `${AUTHORITY}/${TENANT}/v2.0`,
      appid: undefined,
      azp: 'app',
      roles: ['reader', 7],
    });
    expect(await aVerifier().verify(token, [VAULT])).toMatchObject({
      appid: 'app',
      roles: ['reader'],
    });
  });

  it.each([
    [`${VAULT}/`, VAULT],
    [VAULT, `${VAULT}/`],
  ])('takes %s for %s', async (aud, asked) => {
    await expect(aVerifier().verify(bearer({ aud }), [asked])).resolves.toBeDefined();
  });

  it('takes the scheme in any case', async () => {
    await expect(
      aVerifier().verify(bearer().replace('Bearer', 'bEARER'), [VAULT]),
    ).resolves.toBeDefined();
  });

  it.each([
    ['no header', undefined, 'BEARER_MISSING'],
    ['an empty header', '', 'BEARER_MISSING'],
    ['another scheme', 'Basic abc', 'BEARER_MALFORMED'],
    ['no token', 'Bearer ', 'BEARER_MALFORMED'],
    ['two tokens', 'Bearer a.b.c a.b.c', 'BEARER_MALFORMED'],
    ['no JSON inside', 'Bearer a.b.c', 'BEARER_MALFORMED'],
    ['an oversized token', `Bearer a.${'b'.repeat(20_000)}.c`, 'BEARER_MALFORMED'],
    ['an unsigned token', `Bearer ${unsecuredJwt(claims())}`, 'BEARER_MALFORMED'],
    ['another audience', bearer({ aud: 'https://attest.azure.net' }), 'BEARER_AUDIENCE'],
    ['an audience with two slashes', bearer({ aud: `${VAULT}//` }), 'BEARER_AUDIENCE'],
    ['another issuer', bearer({ iss: 'https://sts.windows.net/other/' }), 'BEARER_ISSUER'],
    ['another tenant', bearer({ tid: 'other' }), 'BEARER_INVALID'],
    ['no object id', bearer({ oid: undefined }), 'BEARER_INVALID'],
    ['no application', bearer({ appid: undefined }), 'BEARER_INVALID'],
    ['another key under the same id', bearer({}, aSigner('first')), 'BEARER_INVALID'],
    ['a key that nobody has', bearer({}, aSigner('nobody')), 'BEARER_INVALID'],
    ['an end that is past', bearer({ exp: START / 1000 - 301 }), 'BEARER_EXPIRED'],
    ['a begin that is to come', bearer({ nbf: START / 1000 + 301 }), 'BEARER_EXPIRED'],
  ])('refuses %s', async (_name, header, code) => {
    await expect(aVerifier().verify(header, [VAULT])).rejects.toMatchObject({ code });
  });

  it('gives five minutes of slack', async () => {
    const token = bearer({ exp: START / 1000 - 299 });
    await expect(aVerifier().verify(token, [VAULT])).resolves.toBeDefined();
  });
});

describe('the keys', () => {
  it('are fetched once for many tokens', async () => {
    const verifier = aVerifier();
    await Promise.all([verifier.verify(bearer(), [VAULT]), verifier.verify(bearer(), [VAULT])]);
    await verifier.verify(bearer(), [VAULT]);
    expect(fetches).toHaveLength(1);
  });

  it('are fetched again for an unknown key id, but not at will', async () => {
    const verifier = aVerifier();
    await verifier.verify(bearer(), [VAULT]);
    published = maaJwks([signer, second]);
    const rolled = bearer({}, second);
    await expect(verifier.verify(rolled, [VAULT])).rejects.toMatchObject({
      code: 'BEARER_INVALID',
    });
    now += 10_000;
    await expect(verifier.verify(rolled, [VAULT])).resolves.toBeDefined();
    for (let i = 0; i < 5; i++) {
      await expect(verifier.verify(bearer({}, aSigner('made up')), [VAULT])).rejects.toBeDefined();
    }
    expect(fetches).toHaveLength(2);
  });

  it('are fetched again after an hour, and a withdrawn key is one no longer', async () => {
    const verifier = aVerifier();
    await verifier.verify(bearer(), [VAULT]);
    published = maaJwks([second]);
    now += 3_600_000;
    const token = bearer({ exp: now / 1000 + 60 });
    await expect(verifier.verify(token, [VAULT])).rejects.toMatchObject({ code: 'BEARER_INVALID' });
  });

  it('stay in force while the authority is away', async () => {
    const verifier = aVerifier();
    await verifier.verify(bearer(), [VAULT]);
    reachable = false;
    now += 3_700_000;
    await expect(verifier.verify(bearer({ exp: now / 1000 + 60 }), [VAULT])).resolves.toBeDefined();
  });

  it('that were never had are not the fault of the caller', async () => {
    reachable = false;
    await expect(aVerifier().verify(bearer(), [VAULT])).rejects.toMatchObject({
      code: 'BEARER_KEYS_UNAVAILABLE',
    });
  });
});
