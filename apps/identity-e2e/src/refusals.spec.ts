import {
  DEVELOPMENT_CLIENT_ID,
  DEVELOPMENT_CLIENT_SECRET,
  DEVELOPMENT_TENANT_ID as TENANT,
} from '@touchstone/service-identity';
import {
  environment,
  FORM,
  grant,
  OTHER_CLIENT,
  postForm,
  V1,
  V2,
  V2_GRANT,
  VAULT,
} from './__fixtures__/grants';
import { ask, startIdentityProcess, type IdentityProcess } from './__fixtures__/identity-process';

let identity: IdentityProcess;
beforeAll(async () => {
  identity = await startIdentityProcess(environment);
}, 30_000);
afterAll(() => identity.remove());

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
    const answer = await postForm(identity, path, fields, { 'client-request-id': unknown });
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
    expect(await postForm(identity, V2, V2_GRANT, { authorization })).toMatchObject({
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
