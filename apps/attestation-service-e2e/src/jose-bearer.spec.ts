import { DEVELOPMENT_TENANT_ID } from '@touchstone/service-identity';
import { JOSE_ATTACKS, JOSE_ATTACK_NAMES, compactRs256, type GoodJws } from '@touchstone/testkit';
import { jsonOf, openBench, type Bench } from './bench';
import { makeProvider } from './owners';
import { openTokenAuthority, type TokenAuthority } from './token-authority';

jest.setTimeout(120_000);

const READER = 'reader-of-the-test';
const PATH = '/policies/SgxEnclave';

describe('a bearer token', () => {
  let authority: TokenAuthority;
  let elsewhere: TokenAuthority;
  let bench: Bench;
  let good: GoodJws;

  beforeAll(async () => {
    authority = await openTokenAuthority();
    elsewhere = await openTokenAuthority();
    bench = await openBench({
      authorityUrl: authority.url,
      roleAssignments: { [READER]: ['Attestation Reader'] },
    });
    await makeProvider(bench, 'contoso');
    const now = Math.floor(Date.now() / 1000);
    good = {
      privateKey: authority.privateKey,
      header: { alg: 'RS256', typ: 'JWT', kid: authority.kid },
      payload: {
        oid: READER,
        aud: 'https://attest.azure.net',
        iss: `https://sts.windows.net/${DEVELOPMENT_TENANT_ID}/`,
        iat: now,
        nbf: now,
        exp: now + 3600,
        ver: '1.0',
        tid: DEVELOPMENT_TENANT_ID,
        appid: 'app-of-the-test',
      },
      elsewhere: elsewhere.url,
    };
  });
  afterAll(async () => {
    await bench.close();
    await elsewhere.close();
    await authority.close();
  });

  const read = (token: string) =>
    bench.http.request({
      method: 'GET',
      url: `${bench.provider('contoso')}${PATH}?api-version=2020-10-01`,
      headers: { authorization: `Bearer ${token}` },
    });

  it('is taken as it is', async () => {
    const { privateKey, header, payload } = good;
    expect((await read(compactRs256(privateKey, header, payload))).status).toBe(200);
  });

  it.each(JOSE_ATTACK_NAMES)('is not taken with %s', async (name) => {
    const answer = await read(JOSE_ATTACKS[name](good));
    expect({ status: answer.status, body: jsonOf(answer) }).toEqual({
      status: 401,
      body: {
        error: {
          code: 'Unauthorized',
          message: `Access to ${PATH} requires a valid JWT bearer token`,
        },
      },
    });
    expect(elsewhere.asked).toEqual([]);
  });
});
