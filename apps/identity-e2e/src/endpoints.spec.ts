import { createPublicKey, verify, X509Certificate } from 'node:crypto';
import { fromBase64Url, fromUtf8 } from '@touchstone/bytes';
import {
  DEVELOPMENT_CLIENT_ID,
  DEVELOPMENT_OBJECT_ID,
  DEVELOPMENT_TENANT_ID as TENANT,
} from '@touchstone/service-identity';
import { jwtClaims, parseCompactJws } from '@touchstone/token';
import {
  environment,
  grant,
  OTHER_CLIENT,
  OTHER_OBJECT,
  OTHER_TENANT,
  postForm,
  V1,
  V2,
  V2_GRANT,
  VAULT,
} from './__fixtures__/grants';
import {
  ask,
  startIdentityProcess,
  type Answer,
  type IdentityProcess,
} from './__fixtures__/identity-process';

let identity: IdentityProcess;
beforeAll(async () => {
  identity = await startIdentityProcess(environment);
}, 30_000);
afterAll(() => identity.remove());

const tokenOf = (answer: Answer): string => String(answer.json['access_token']);
const claimsOf = (answer: Answer) => jwtClaims(parseCompactJws(tokenOf(answer)));

describe('the v2 token endpoint', () => {
  it('grants a token with every claim', async () => {
    const answer = await postForm(identity, V2, {
      ...V2_GRANT,
      'x-client-SKU': 'test',
      claims: '{}',
    });
    expect(answer.status).toBe(200);
    expect(answer.headers['cache-control']).toContain('no-store');
    const { access_token: token, ...rest } = answer.json;
    expect(rest).toEqual({ token_type: 'Bearer', expires_in: 3599, ext_expires_in: 3599 });
    const now = Number(claimsOf(answer)['exp']) - 3600;
    expect(Math.abs(now - Date.UTC(2026, 2, 1, 12) / 1000)).toBeLessThan(60);
    expect(jwtClaims(parseCompactJws(String(token)))).toEqual({
      aud: VAULT,
      iss: `https://sts.windows.net/${TENANT}/`,
      idp: `https://sts.windows.net/${TENANT}/`,
      iat: now - 300,
      nbf: now - 300,
      exp: now + 3600,
      aio: expect.any(String),
      rh: expect.any(String),
      uti: expect.any(String),
      appid: DEVELOPMENT_CLIENT_ID,
      appidacr: '1',
      idtyp: 'app',
      oid: DEVELOPMENT_OBJECT_ID,
      sub: DEVELOPMENT_OBJECT_ID,
      tid: TENANT,
      ver: '1.0',
    });
  });

  it('grants a token of version 2 for an application of the tenant', async () => {
    const scope = `api://${OTHER_CLIENT}/.default`;
    const answer = await postForm(identity, '/contoso.example/oauth2/v2.0/token', {
      grant_type: 'client_credentials',
      client_id: OTHER_CLIENT,
      client_secret: 'old',
      scope,
    });
    expect(claimsOf(answer)).toMatchObject({
      aud: OTHER_CLIENT,
      azp: OTHER_CLIENT,
      azpacr: '1',
      iss: `${identity.url}/${OTHER_TENANT}/v2.0`,
      roles: ['Reader'],
      ver: '2.0',
    });
    expect(parseCompactJws(tokenOf(answer)).header).not.toHaveProperty('x5t');
  });

  it.each([
    ['https://attest.azure.net/.default', 'https://attest.azure.net'],
    ['https://management.core.windows.net//.default', 'https://management.core.windows.net/'],
    ['https://lab.example/.default', 'https://lab.example'],
  ])('makes a token for %s out to %s', async (scope, audience) => {
    expect(claimsOf(await postForm(identity, V2, { ...grant, scope }))['aud']).toBe(audience);
  });

  it('takes the credentials in the header, form-encoded', async () => {
    const pair = `${OTHER_CLIENT}:${encodeURIComponent('n:ew secret&').replaceAll('%20', '+')}`;
    const answer = await postForm(
      identity,
      `/${OTHER_TENANT}/oauth2/v2.0/token`,
      { grant_type: 'client_credentials', scope: `${VAULT}/.default` },
      { authorization: `Basic ${Buffer.from(pair).toString('base64')}` },
    );
    expect(claimsOf(answer)).toMatchObject({ oid: OTHER_OBJECT });
  });
});

describe('the v1 token endpoint', () => {
  it('takes a resource and answers in strings', async () => {
    const answer = await postForm(identity, V1, { ...grant, resource: `${VAULT}/` });
    const { access_token: token, ...rest } = answer.json;
    const { exp, nbf, aud } = jwtClaims(parseCompactJws(String(token)));
    expect(aud).toBe(`${VAULT}/`);
    expect(rest).toEqual({
      token_type: 'Bearer',
      expires_in: '3599',
      ext_expires_in: '3599',
      expires_on: String(exp),
      not_before: String(nbf),
      resource: `${VAULT}/`,
    });
  });
});

describe('metadata', () => {
  it('of version 2 names this origin', async () => {
    const { json } = await ask(identity, `/${TENANT}/v2.0/.well-known/openid-configuration`);
    expect(json).toMatchObject({
      issuer: `${identity.url}/${TENANT}/v2.0`,
      token_endpoint: `${identity.url}${V2}`,
      authorization_endpoint: `${identity.url}/${TENANT}/oauth2/v2.0/authorize`,
      jwks_uri: `${identity.url}/${TENANT}/discovery/v2.0/keys`,
    });
  });

  it('of version 1 names the issuer of version 1', async () => {
    const { json } = await ask(identity, `/${TENANT}/.well-known/openid-configuration`);
    expect(json).toMatchObject({
      issuer: `https://sts.windows.net/${TENANT}/`,
      token_endpoint: `${identity.url}${V1}`,
      jwks_uri: `${identity.url}/common/discovery/keys`,
    });
  });

  it.each(['common', 'organizations'])('under %s leaves the tenant open', async (name) => {
    const { json } = await ask(identity, `/${name}/v2.0/.well-known/openid-configuration`);
    expect(json['issuer']).toBe(`${identity.url}/{tenantid}/v2.0`);
    expect(json['token_endpoint']).toBe(`${identity.url}/${name}/oauth2/v2.0/token`);
  });

  it('uses the name that the caller used when it is one of ours', async () => {
    const host = 'login.microsoftonline.com';
    const { json } = await ask(identity, `/${TENANT}/v2.0/.well-known/openid-configuration`, {
      headers: { host },
    });
    expect(json['issuer']).toBe(`https://${host}/${TENANT}/v2.0`);
  });

  it.each([
    'evil.example',
    'localhost:1',
    'login.microsoftonline.com:444',
    'localhost:443@evil.example',
    'local host',
  ])('does not mint an issuer for the host %j', async (host) => {
    const answer = await ask(identity, `/${TENANT}/v2.0/.well-known/openid-configuration`, {
      headers: { host },
    });
    expect(answer.status).toBe(421);
    expect(answer.text).not.toContain('evil');
  });
});

describe('instance discovery', () => {
  const discover = (authority: string) =>
    ask(
      identity,
      `/common/discovery/instance?api-version=1.1&authorization_endpoint=${encodeURIComponent(authority)}`,
    );

  it('vouches for this authority', async () => {
    const host = new URL(identity.url).host;
    const { status, json } = await discover(`${identity.url}/${TENANT}/oauth2/v2.0/authorize`);
    expect(status).toBe(200);
    expect(json).toEqual({
      tenant_discovery_endpoint: `${identity.url}/${TENANT}/v2.0/.well-known/openid-configuration`,
      'api-version': '1.1',
      metadata: [{ preferred_network: host, preferred_cache: host, aliases: [host] }],
    });
  });

  it('knows the names of Entra ID as one', async () => {
    const { json } = await discover(`https://login.windows.net/${TENANT}/oauth2/v2.0/authorize`);
    expect(json).toMatchObject({
      metadata: [
        { preferred_network: 'login.microsoftonline.com', preferred_cache: 'login.windows.net' },
      ],
    });
  });

  it.each(['https://evil.example/x', 'http://localhost/x', 'nothing'])(
    'does not vouch for %s',
    async (authority) => {
      const { status, json } = await discover(authority);
      expect(status).toBe(400);
      expect(json).toMatchObject({ error: 'invalid_instance', error_codes: [50049] });
    },
  );
});

describe('keys', () => {
  it.each([
    `/${TENANT}/discovery/v2.0/keys`,
    `/${TENANT}/discovery/keys`,
    '/common/discovery/keys',
  ])('at %s verify a token', async (path) => {
    const { json } = await ask(identity, path);
    const [key] = json['keys'] as {
      kid: string;
      x5t: string;
      n: string;
      e: string;
      x5c: string[];
      use: string;
    }[];
    const token = tokenOf(await postForm(identity, V2, V2_GRANT));
    const { header, signingInput, signature } = parseCompactJws(token);
    expect(header).toMatchObject({ alg: 'RS256', typ: 'JWT', kid: key?.kid, x5t: key?.x5t });
    expect(key?.use).toBe('sig');
    const publicKey = createPublicKey({
      key: { kty: 'RSA', n: key?.n ?? '', e: key?.e ?? '' },
      format: 'jwk',
    });
    expect(verify('sha256', fromUtf8(signingInput), publicKey, signature)).toBe(true);
    const certificate = new X509Certificate(Buffer.from(key?.x5c[0] ?? '', 'base64'));
    expect(certificate.publicKey.equals(publicKey)).toBe(true);
    expect(fromBase64Url(key?.x5t ?? '')).toHaveLength(20);
  });

  it('stay the same when the service starts again', async () => {
    const before = (await ask(identity, '/common/discovery/keys')).text;
    identity = await identity.restart();
    expect((await ask(identity, '/common/discovery/keys')).text).toBe(before);
  }, 30_000);
});
