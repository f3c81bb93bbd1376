import { get } from 'node:https';
import { NOBODY, READER, RELEASER, openBench } from './bench';
import type { Bench } from './bench';
import { TENANT, newSigner } from './stand';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
  await bench.ask({ method: 'POST', path: '/keys/k/create', body: { kty: 'oct-HSM' } });
});
afterAll(() => bench.close());

const challenge = () =>
  `Bearer authorization="${bench.identity.stand.url}/${TENANT}", resource="https://vault.azure.net"`;
const MISSING = {
  error: { code: 'Unauthorized', message: 'AKV10000: Request is missing a Bearer or PoP token.' },
};

describe('a request without a token', () => {
  it.each([
    ['POST', '/keys/k/create'],
    ['PUT', '/keys/k'],
    ['PATCH', '/keys/k/'],
    ['GET', '/keys/none/'],
    ['POST', '/keys/k/release'],
    ['POST', '/keys/k//release'],
    ['DELETE', '/keys/k'],
    ['POST', '/deletedkeys/k/recover'],
    ['GET', '/keys/k?api-version=nonsense'],
    ['GET', '/nowhere'],
    ['GET', '/secrets/s/'],
  ] as const)('%s %s is challenged before anything else is looked at', async (method, path) => {
    const headers = { 'content-type': 'application/json' };
    const answer = await bench.ask({ method, path, as: null, headers });
    expect(answer).toMatchObject({ status: 401, body: MISSING });
    expect(answer.headers['www-authenticate']).toBe(challenge());
    expect(answer.headers['x-ms-request-id']).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/);
  });

  it('is challenged even with an oversized body', async () => {
    const answer = await bench.ask({
      method: 'PUT',
      path: '/keys/k',
      as: null,
      body: 'x'.repeat(1000),
    });
    expect(answer.status).toBe(401);
  });
});

describe('a bearer token', () => {
  const withBearer = (authorization: string) =>
    bench.ask({ path: '/keys/k', as: null, headers: { authorization } });
  const bearer = (claims: object) =>
    withBearer(`Bearer ${bench.identity.bearer({ oid: READER, ...claims })}`);

  it.each([
    'https://vault.azure.net',
    'https://vault.azure.net/',
    'https://managedhsm.azure.net',
    'cfa8b339-82a2-471a-a3c9-0fc0be7a4093',
  ])('may be made out to %s', async (aud) => {
    expect(await bearer({ aud })).toMatchObject({ status: 200 });
  });

  it('may be of version 2', async () => {
    const iss = `${bench.identity.stand.url}/${TENANT}/v2.0`;
    expect(await bearer({ ver: '2.0', azp: 'app', appid: undefined, iss })).toMatchObject({
      status: 200,
    });
  });

  it.each([
    [
      'for another resource',
      { aud: 'https://management.azure.com' },
      /^AKV10022: Invalid audience/,
    ],
    ['of another issuer', { iss: 'https://sts.windows.net/other/' }, /^AKV10032: Invalid issuer/],
    ['that is over', { exp: 1 }, /^Error validating token/],
    ['of nobody', { oid: undefined }, /^Error validating token/],
    ['of another tenant', { tid: 'other' }, /^Error validating token/],
  ])('%s is refused with the challenge', async (_title, claims, message) => {
    const answer = await bearer(claims);
    expect(answer).toMatchObject({
      status: 401,
      body: { error: { code: 'Unauthorized', message: expect.stringMatching(message) as string } },
    });
    expect(answer.headers['www-authenticate']).toBe(challenge());
  });

  it.each(['Bearer', 'Bearer x', 'Basic abc', 'Bearer a.b.c', 'Bearer ..'])(
    '%s is refused',
    async (authorization) => {
      expect(await withBearer(authorization)).toMatchObject({
        status: 401,
        body: { error: { code: 'Unauthorized' } },
      });
    },
  );

  it('of another signer is refused', async () => {
    const token = bench.identity.bearer({ oid: READER }, newSigner());
    expect(await withBearer(`Bearer ${token}`)).toMatchObject({ status: 401 });
  });
});

describe('a role', () => {
  it.each([
    ['GET', '/keys', 'keys/read', NOBODY],
    ['GET', '/keys/k', 'keys/read', NOBODY],
    ['GET', '/keys/k', 'keys/read', RELEASER],
    ['GET', '/keys/k/versions', 'keys/read', RELEASER],
    ['POST', '/keys/k/create', 'keys/create/action', READER],
    ['PUT', '/keys/k', 'keys/import/action', READER],
    ['PATCH', '/keys/k', 'keys/update/action', READER],
    ['DELETE', '/keys/k', 'keys/delete', READER],
    ['GET', '/deletedkeys', 'keys/read', NOBODY],
    ['GET', '/deletedkeys/k', 'keys/read', NOBODY],
    ['POST', '/deletedkeys/k/recover', 'keys/recover/action', READER],
    ['DELETE', '/deletedkeys/k', 'keys/purge/action', READER],
  ] as const)('%s %s needs %s', async (method, path, action, as) => {
    expect(await bench.ask({ method, path, as })).toMatchObject({
      status: 403,
      body: {
        error: {
          code: 'Forbidden',
          message: expect.stringContaining(
            `Action: 'Microsoft.KeyVault/vaults/${action}'`,
          ) as string,
          innererror: { code: 'ForbiddenByRbac' },
        },
      },
    });
  });

  it('is named in the answer', async () => {
    const { headers } = await bench.ask({ path: '/keys/k', as: READER });
    expect(headers['x-ms-keyvault-rbac-assignment-id']).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('a vault', () => {
  const getFrom = (origin: string, path = '/keys/k') => bench.ask({ path, origin });

  it('answers to its name, and says so in its ids', async () => {
    expect(await getFrom('https://local.vault.azure.net')).toMatchObject({
      status: 200,
      body: {
        key: { kid: expect.stringMatching('^https://local.vault.azure.net/keys/k/') as string },
      },
    });
  });

  it('does not show what another one keeps', async () => {
    expect(await getFrom('https://second.vault.azure.net')).toMatchObject({ status: 404 });
    expect(await getFrom('https://keys.example.test', '/keys')).toMatchObject({
      body: { value: [], nextLink: null },
    });
  });

  it.each([
    'evil.example.test',
    'third.vault.azure.net',
    'local.vault.azure.net.evil.test',
    'a/b',
    'x@localhost',
  ])('is not known as %s, and no challenge says otherwise', async (host) => {
    const answer = await askAs(host);
    expect(answer.status).toBe(404);
    expect(JSON.parse(answer.text)).toMatchObject({ error: { code: 'VaultNotFound' } });
    expect(answer.challenge).toBeUndefined();
  });
});

interface PlainAnswer {
  readonly status: number | undefined;
  readonly text: string;
  readonly challenge: string | undefined;
}

/** A request whose `Host` header says something else than the name that TLS was made with. */
function askAs(host: string): Promise<PlainAnswer> {
  const url = `${bench.url()}/keys/k?api-version=7.4`;
  const options = { ca: bench.ca.pem, servername: 'localhost', agent: false, headers: { host } };
  return new Promise((resolve, reject) => {
    const request = get(url, options, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => {
        const challenge = response.headers['www-authenticate'];
        resolve({ status: response.statusCode, text, challenge });
      });
    });
    request.on('error', reject);
  });
}

describe('every answer', () => {
  it.each(['/keys/k', '/keys/none', '/keys/k?api-version=x'])(
    'carries the headers of the vault: %s',
    async (path) => {
      const { headers } = await bench.ask({ path, headers: { 'x-ms-client-request-id': 'c-1' } });
      expect(headers).toMatchObject({
        'cache-control': 'no-cache',
        'x-content-type-options': 'nosniff',
        'x-ms-client-request-id': 'c-1',
        'x-ms-keyvault-network-info': 'conn_type=Ipv4;addr=127.0.0.1;act_addr_fam=InterNetwork;',
        'x-ms-keyvault-region': 'local',
      });
      expect(headers['strict-transport-security']).toBeDefined();
      expect(headers['x-ms-keyvault-service-version']).toBeDefined();
      expect(headers).not.toHaveProperty('x-powered-by');
    },
  );

  it('takes over the trace of its caller', async () => {
    const trace = '0af7651916cd43dd8448eb211c80319c';
    const { headers } = await bench.ask({
      path: '/keys/k',
      headers: { traceparent: `00-${trace}-b7ad6b7169203331-01` },
    });
    expect(headers['x-ms-request-id']).toMatch(new RegExp(`^00-${trace}-[0-9a-f]{16}-00$`));
  });
});

describe('probes', () => {
  it.each(['/healthz', '/readyz', '/metrics'])('%s needs no token', async (path) => {
    const response = await bench
      .ask({ path: `${path}?x-version`, as: null })
      .catch((error: unknown) => error);
    // Metrics are no JSON, which is all that `ask` reads: reaching them is what counts.
    expect(response instanceof SyntaxError || (response as { status: number }).status === 200).toBe(
      true,
    );
  });
});
