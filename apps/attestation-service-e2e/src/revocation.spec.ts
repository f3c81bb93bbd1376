import { toBase64Url, toUtf8 } from '@touchstone/bytes';
import { createMaaClient } from '@touchstone/maa-client';
import { parseCompactJws, revocationDigest } from '@touchstone/token';
import { jsonOf, openBench, type Bench } from './bench';
import { aBoundQuote } from './evidence';
import { credentialOf, makeProvider } from './owners';

jest.setTimeout(120_000);

describe('tokens that are taken back', () => {
  let bench: Bench;
  let bearer: string;

  beforeAll(async () => {
    bench = await openBench({ withIdentity: true });
    await makeProvider(bench, 'contoso');
    const { token } = await credentialOf(bench).getToken('https://attest.azure.net/.default');
    bearer = `Bearer ${token}`;
  });
  afterAll(() => bench.close());

  const clientOf = (provider: string) =>
    createMaaClient({ endpoint: bench.provider(provider), http: bench.http });
  const newToken = async (provider = 'contoso'): Promise<string> =>
    (await clientOf(provider).attestSgx({ quote: aBoundQuote(bench.platform) })).token;
  const digestOf = (jwt: string): string => revocationDigest(parseCompactJws(jwt));
  const revoke = (body: string, options: { type?: string; authorization?: string } = {}) => {
    const { type = 'text/plain', authorization = bearer } = options;
    return bench.http.request({
      method: 'POST',
      url: `${bench.provider('contoso')}/revoke`,
      headers: { 'content-type': type, ...(authorization !== '' && { authorization }) },
      body,
    });
  };

  it.each<[string, string, (token: string) => string]>([
    ['as text', 'text/plain', (token) => token],
    ['as a JSON string', 'application/json', (token) => JSON.stringify(token)],
    ['as a member', 'application/json', (token) => JSON.stringify({ token })],
    ['in a form', 'application/x-www-form-urlencoded', (token) => `token=${token}`],
  ])('%s are in the list of the provider from then on', async (_name, type, written) => {
    const [taken, kept] = [await newToken(), await newToken()];
    const { status, body } = await revoke(written(taken), { type });
    expect({ status, body: toUtf8(body) }).toEqual({ status: 200, body: '' });
    const revoked = await clientOf('contoso').revoked();
    expect(revoked?.has(digestOf(taken))).toBe(true);
    expect(revoked?.has(digestOf(kept))).toBe(false);
    expect((await clientOf('sharedeus2').revoked())?.size).toBe(0);
  });

  it('may be those of the preview', async () => {
    const response = await bench.http.request({
      method: 'POST',
      url: `${bench.provider('contoso')}/attest/SgxEnclave?api-version=2018-09-01-preview`,
      headers: { 'content-type': 'application/json', authorization: bearer },
      body: JSON.stringify({ Quote: toBase64Url(aBoundQuote(bench.platform)) }),
    });
    const token = jsonOf(response) as string;
    expect((await revoke(token)).status).toBe(200);
    expect((await clientOf('contoso').revoked())?.has(digestOf(token))).toBe(true);
  });

  it('stay so over a restart, and are in the list once', async () => {
    const taken = await newToken();
    for (let time = 0; time < 2; time += 1) expect((await revoke(taken)).status).toBe(200);
    await bench.restart();
    const url = `${bench.provider('contoso')}/revocations`;
    const { revoked } = jsonOf(await bench.http.request({ method: 'GET', url })) as {
      revoked: string[];
    };
    expect(revoked.filter((digest) => digest === digestOf(taken))).toHaveLength(1);
  });

  it('are taken back by who may write', async () => {
    const { status, headers } = await revoke(await newToken(), { authorization: '' });
    expect(status).toBe(401);
    expect(headers['www-authenticate']).toContain('authorization_uri');
  });

  it.each<[string, () => Promise<string> | string]>([
    ['a token of another provider', () => newToken('sharedeus2')],
    [
      'a token whose signature was changed',
      async () => `${(await newToken()).slice(0, -8)}AAAAAAAA`,
    ],
    ['no token', () => 'text'],
    ['nothing', () => ''],
  ])('are not %s', async (_name, body) => {
    const before = await clientOf('contoso').revoked();
    const response = await revoke(await body());
    expect(response.status).toBe(400);
    expect(jsonOf(response)).toMatchObject({ error: { code: 'InvalidParameter' } });
    expect(await clientOf('contoso').revoked()).toEqual(before);
  });
});
