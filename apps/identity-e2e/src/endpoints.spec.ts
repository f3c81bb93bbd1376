import { createPublicKey, verify, X509Certificate } from 'node:crypto';
import { fromBase64Url, fromUtf8 } from '@touchstone/bytes';
import {
  DEVELOPMENT_CLIENT_ID,
  DEVELOPMENT_CLIENT_SECRET,
  DEVELOPMENT_OBJECT_ID,
  DEVELOPMENT_TENANT_ID as TENANT,
} from '@touchstone/service-identity';
import { jwtClaims, parseCompactJws } from '@touchstone/token';
import {
  ask,
  startIdentityProcess,
  type Answer,
  type IdentityProcess,
} from './__fixtures__/identity-process';

const OTHER_TENANT = '11111111-2222-4333-8444-555555555555';
const OTHER_CLIENT = '66666666-7777-4888-9999-aaaaaaaaaaaa';
const OTHER_OBJECT = 'bbbbbbbb-cccc-4ddd-8eee-ffffffffffff';
const VAULT = 'https://vault.azure.net';

let identity: IdentityProcess;
beforeAll(async () => {
  identity = await startIdentityProcess({
    TOUCHSTONE_NOW: '2026-03-01T12:00:00Z',
    IDENTITY_RESOURCES: 'https://lab.example',
    IDENTITY_TENANTS: JSON.stringify([
      {
        id: OTHER_TENANT,
        domains: ['contoso.example'],
        applications: [
          {
            clientId: OTHER_CLIENT,
            secrets: ['old', 'n:ew secret&'],
            objectId: OTHER_OBJECT,
            roles: ['Reader'],
          },
        ],
      },
    ]),
  });
}, 30_000);
afterAll(() => identity.remove());

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const postForm = (
  path: string,
  fields: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> =>
  ask(identity, path, {
    method: 'POST',
    headers: { ...FORM, ...headers },
    body: new URLSearchParams(fields).toString(),
  });

const grant = {
  grant_type: 'client_credentials',
  client_id: DEVELOPMENT_CLIENT_ID,
  client_secret: DEVELOPMENT_CLIENT_SECRET,
};
const V2 = `/${TENANT}/oauth2/v2.0/token`;
const V1 = `/${TENANT}/oauth2/token`;
const V2_GRANT = { ...grant, scope: `${VAULT}/.default` };
const tokenOf = (answer: Answer): string => String(answer.json['access_token']);
const claimsOf = (answer: Answer) => jwtClaims(parseCompactJws(tokenOf(answer)));

describe('the v2 token endpoint', () => {
  it('grants a token with every claim', async () => {
    const answer = await postForm(V2, { ...V2_GRANT, 'x-client-SKU': 'test', claims: '{}' });
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
    const answer = await postForm('/contoso.example/oauth2/v2.0/token', {
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
    expect(claimsOf(await postForm(V2, { ...grant, scope }))['aud']).toBe(audience);
  });

  it('takes the credentials in the header, form-encoded', async () => {
    const pair = `${OTHER_CLIENT}:${encodeURIComponent('n:ew secret&').replaceAll('%20', '+')}`;
    const answer = await postForm(
      `/${OTHER_TENANT}/oauth2/v2.0/token`,
      { grant_type: 'client_credentials', scope: `${VAULT}/.default` },
      { authorization: `Basic ${Buffer.from(pair).toString('base64')}` },
    );
    expect(claimsOf(answer)).toMatchObject({ oid: OTHER_OBJECT });
  });
});

describe('the v1 token endpoint', () => {
  it('takes a resource and answers in strings', async () => {
    const answer = await postForm(V1, { ...grant, resource: `${VAULT}/` });
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
    const token = tokenOf(await postForm(V2, V2_GRANT));
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

describe('refusals', () => {
  const { client_secret: _secret, ...withoutSecret } = V2_GRANT;
  const { grant_type: _grant, ...withoutGrant } = V2_GRANT;
  const { client_id: _client, ...withoutClient } = V2_GRANT;
  const unknown = '00000000-0000-4000-8000-000000000000';

  it.each([
    ['a wrong secret', V2, { ...V2_GRANT, client_secret: 'x' }, 401, 'invalid_client', 7000215],
    ['no secret', V2, withoutSecret, 401, 'invalid_client', 7000218],
    ['an empty secret', V2, { ...V2_GRANT, client_secret: '' }, 401, 'invalid_client', 7000218],
    [
      'an assertion',
      V2,
      { ...withoutSecret, client_assertion: 'a.b.c' },
      401,
      'invalid_client',
      700213,
    ],
    [
      'an unknown client',
      V2,
      { ...V2_GRANT, client_id: unknown },
      400,
      'unauthorized_client',
      700016,
    ],
    ['no client', V2, withoutClient, 400, 'invalid_request', 900144],
    [
      'a client of another tenant',
      V2,
      { ...V2_GRANT, client_id: OTHER_CLIENT },
      400,
      'unauthorized_client',
      700016,
    ],
    ['an unknown tenant', `/${unknown}/oauth2/v2.0/token`, V2_GRANT, 400, 'invalid_request', 90002],
    [
      'a tenant that is a property',
      '/constructor/oauth2/v2.0/token',
      V2_GRANT,
      400,
      'invalid_request',
      90002,
    ],
    ['no tenant', '/common/oauth2/v2.0/token', V2_GRANT, 400, 'invalid_request', 50059],
    ['no grant', V2, withoutGrant, 400, 'invalid_request', 900144],
    [
      'another grant',
      V2,
      { ...V2_GRANT, grant_type: 'password' },
      400,
      'unsupported_grant_type',
      70003,
    ],
    ['no scope', V2, grant, 400, 'invalid_request', 900144],
    ['a scope without .default', V2, { ...grant, scope: VAULT }, 400, 'invalid_scope', 70011],
    [
      'two scopes',
      V2,
      { ...grant, scope: `${VAULT}/.default a/.default` },
      400,
      'invalid_scope',
      70011,
    ],
    ['only .default', V2, { ...grant, scope: '/.default' }, 400, 'invalid_scope', 70011],
    [
      'an unknown resource',
      V2,
      { ...grant, scope: 'https://x.example/.default' },
      400,
      'invalid_resource',
      500011,
    ],
    ['no resource', V1, grant, 400, 'invalid_request', 900144],
    [
      'an unknown resource, v1',
      V1,
      { ...grant, resource: 'https://x.example' },
      400,
      'invalid_resource',
      500011,
    ],
  ])('%s', async (_name, path, fields, status, error, number) => {
    const answer = await postForm(path, fields, { 'client-request-id': unknown });
    expect(answer.status).toBe(status);
    expect(answer.json).toMatchObject({ error, error_codes: [number], correlation_id: unknown });
    expect(answer.json['error_description']).toMatch(
      new RegExp(
        `^AADSTS${number}: .+ Trace ID: [0-9a-f-]{36} Correlation ID: ${unknown} Timestamp: 2026-03-01 .{8}Z$`,
      ),
    );
    expect(answer.text).not.toContain('access_token');
  });

  it('two ways of authentication at once', async () => {
    const authorization = `Basic ${Buffer.from(`${DEVELOPMENT_CLIENT_ID}:${DEVELOPMENT_CLIENT_SECRET}`).toString('base64')}`;
    expect(await postForm(V2, V2_GRANT, { authorization })).toMatchObject({
      status: 400,
      json: { error: 'invalid_request', error_codes: [90014] },
    });
  });

  it.each([
    ['an oversized form', { headers: FORM, body: `a=${'x'.repeat(70_000)}` }, 413],
    ['a JSON body', { headers: { 'content-type': 'application/json' }, body: '{}' }, 415],
    ['no type', { body: 'a=b' }, 415],
    ['no UTF-8', { headers: FORM, body: Buffer.of(0x61, 0x3d, 0xff) }, 400],
    ['a field that stands twice', { headers: FORM, body: 'scope=a&scope=b' }, 400],
    ['a compressed body', { headers: { ...FORM, 'content-encoding': 'gzip' }, body: 'a=b' }, 415],
    [
      'a header that is no base64',
      { headers: { ...FORM, authorization: 'Basic a' }, body: 'grant_type=client_credentials' },
      400,
    ],
  ])('%s', async (_name, question, status) => {
    const answer = await ask(identity, V2, { method: 'POST', ...question });
    expect(answer.status).toBe(status);
    expect(answer.json).toMatchObject({ error: 'invalid_request' });
  });

  it.each([
    ['GET', V2, 405],
    ['POST', `/${TENANT}/discovery/v2.0/keys`, 405],
    ['GET', '/', 404],
    ['GET', `/${TENANT}/oauth2/v2.0/devicecode`, 404],
    ['GET', '/%ff/discovery/keys', 400],
    ['GET', `/${'x'.repeat(200)}/discovery/keys`, 400],
  ])('%s %s', async (method, path, status) => {
    const answer = await ask(identity, path, { method });
    expect(answer.status).toBe(status);
    expect(answer.json).toHaveProperty('error');
  });
});

describe('the process', () => {
  it('answers its probes and keeps secrets out of its log', async () => {
    expect(await ask(identity, '/healthz')).toMatchObject({ status: 200 });
    expect(await ask(identity, '/readyz')).toMatchObject({ status: 200 });
    expect((await ask(identity, '/metrics')).text).toContain('service="identity"');
    await postForm(V2, V2_GRANT);
    const log = identity.lines.join('\n');
    expect(log).toContain('"msg":"request"');
    expect(log).not.toContain(DEVELOPMENT_CLIENT_SECRET);
    expect(log).not.toContain('eyJ');
  });

  it('ends with 0 when it is told to', async () => {
    expect(await identity.stop()).toBe(0);
  });

  it('refuses the development tenant where others could use it', async () => {
    const exposed = { TOUCHSTONE_HOST: '0.0.0.0' };
    identity = await identity.restart(exposed);
    expect(await postForm(V2, V2_GRANT)).toMatchObject({
      status: 400,
      json: { error_codes: [90002] },
    });
    identity = await identity.restart({
      ...exposed,
      TOUCHSTONE_ALLOW_DEVELOPMENT_CREDENTIALS: '1',
    });
    expect(await postForm(V2, V2_GRANT)).toMatchObject({ status: 200 });
    const withoutTenants = identity.restart({
      IDENTITY_TENANTS: '',
      TOUCHSTONE_ALLOW_DEVELOPMENT_CREDENTIALS: '0',
    });
    await expect(withoutTenants).rejects.toThrow('IDENTITY_NO_TENANT');
  }, 30_000);

  it('says all that is wrong with its configuration', async () => {
    const wrong = { IDENTITY_PORT: 'x', IDENTITY_TENANTS: '[{}]', TOUCHSTONE_LOG_LEVEL: 'loud' };
    await expect(identity.restart(wrong)).rejects.toThrow(/IDENTITY_PORT.*IDENTITY_TENANTS/s);
  }, 30_000);
});
