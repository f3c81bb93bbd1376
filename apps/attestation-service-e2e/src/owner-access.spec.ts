import { openBench, jsonOf, type Bench } from './bench';
import { credentialOf, makeProvider, operate } from './owners';

jest.setTimeout(120_000);

const VERSION = '?api-version=2020-10-01';
const READER = 'b4a7f2d0-3c77-4c1f-8b2e-6f1f0c8d9e12';

describe('who may do what with a provider', () => {
  let bench: Bench;

  beforeAll(async () => {
    bench = await openBench({
      withIdentity: true,
      roleAssignments: { [READER]: ['Attestation Reader'] },
    });
    await makeProvider(bench, 'contoso');
  });
  afterAll(() => bench.close());

  const ask = (
    method: 'GET' | 'PUT' | 'POST',
    path: string,
    authorization?: string,
    body = 'eyJhbGciOiJub25lIn0..',
  ) =>
    bench.http.request({
      method,
      url: `${bench.provider('contoso')}${path}${VERSION}`,
      headers: { 'content-type': 'text/plain', ...(authorization && { authorization }) },
      ...(method !== 'GET' && { body }),
    });
  const bearer = async (scope = 'https://attest.azure.net/.default') =>
    `Bearer ${(await credentialOf(bench).getToken(scope)).token}`;

  it.each([
    ['GET', '/policies/SgxEnclave'],
    ['PUT', '/policies/OpenEnclave'],
    ['POST', '/policies/SgxEnclave:reset'],
    ['GET', '/certificates'],
    ['POST', '/certificates:add'],
    ['POST', '/certificates:remove'],
  ] as const)('%s %s asks for a token', async (method, path) => {
    const { status, headers, body } = await ask(method, path);
    expect(status).toBe(401);
    expect(headers['www-authenticate']).toBe(
      `Bearer authorization_uri="${bench.authority}/7d3e5e3a-6a55-4a3a-9f3c-0d0c1b5b7a10", resource="https://attest.azure.net"`,
    );
    expect(jsonOf({ status, headers, body })).toEqual({
      error: {
        code: 'Unauthorized',
        message: `Access to ${path} requires a valid JWT bearer token`,
      },
    });
  });

  it.each(['https://attest.azure.net/.default', 'https://attest.azure.net//.default'])(
    'lets a reader read with a token for %s',
    async (scope) => {
      expect((await ask('GET', '/policies/sgxenclave', await bearer(scope))).status).toBe(200);
    },
  );

  it('does not let a reader write', async () => {
    const { status, body, headers } = await ask('PUT', '/policies/SgxEnclave', await bearer());
    expect(status).toBe(401);
    expect(jsonOf({ status, body, headers })).toMatchObject({ error: { code: 'Unauthorized' } });
  });

  it('takes no token that was made out to another service', async () => {
    const token = await bearer('https://vault.azure.net/.default');
    expect((await ask('GET', '/policies/SgxEnclave', token)).status).toBe(401);
  });

  it('takes no token of its own for a bearer token', async () => {
    const answer = jsonOf(await ask('GET', '/policies/SgxEnclave', await bearer()));
    const { token } = answer as { token: string };
    expect((await ask('GET', '/policies/SgxEnclave', `Bearer ${token}`)).status).toBe(401);
  });

  it('says no method and no version as everywhere', async () => {
    expect((await ask('POST', '/policies/SgxEnclave', await bearer())).status).toBe(405);
    const { status } = await bench.http.request({
      method: 'GET',
      url: `${bench.provider('contoso')}/policies/SgxEnclave`,
      headers: { authorization: await bearer() },
    });
    expect(status).toBe(400);
  });

  it('tells its health to anybody', async () => {
    const url = `${bench.provider('contoso')}/servicehealth?api-version=2026-03-11-preview`;
    expect((await bench.http.request({ method: 'GET', url })).status).toBe(204);
  });

  describe('the operator', () => {
    it('lists, shows and deletes providers', async () => {
      await makeProvider(bench, 'fabrikam');
      const shown = jsonOf(await operate(bench, 'GET', 'fabrikam'));
      expect(shown).toMatchObject({
        name: 'fabrikam',
        location: 'eastus2',
        trustModel: 'AAD',
        status: 'Ready',
        attestUri: 'https://fabrikam.eus2.attest.azure.net',
        localUri: bench.provider('fabrikam'),
      });
      expect(jsonOf(await operate(bench, 'GET'))).toMatchObject({
        providers: [{ name: 'contoso' }, { name: 'fabrikam' }],
      });
      expect((await operate(bench, 'DELETE', 'fabrikam')).status).toBe(204);
      expect((await operate(bench, 'GET', 'fabrikam')).status).toBe(404);
      const gone = await bench.http.request({
        method: 'GET',
        url: `${bench.provider('fabrikam')}/certs`,
      });
      expect(gone.status).toBe(404);
    });

    it.each([
      ['a name that is taken', { name: 'contoso', location: 'eastus2' }, 409],
      ['a name of ours', { name: 'sharedeus2', location: 'eastus2' }, 400],
      ['no place', { name: 'adatum' }, 400],
      ['signers that are none', { name: 'adatum', location: 'eastus2', signers: 'x' }, 400],
    ])('is refused %s', async (_name, body, status) => {
      expect((await operate(bench, 'POST', '', body)).status).toBe(status);
    });

    it('is known by a token alone', async () => {
      expect((await operate(bench, 'GET', '', undefined, 'wrong')).status).toBe(401);
    });
  });
});
