import { generateKeyPairSync } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { RESET_DOCUMENT, wrapPolicy } from '@touchstone/policy-document';
import { JOSE_ATTACKS, JOSE_ATTACK_NAMES, compactRs256, type GoodJws } from '@touchstone/testkit';
import { Desk, buildTouchstone, type Ran } from './touchstone';

const ISSUER = 'https://p.eus2.attest.azure.net';
const now = Math.floor(Date.now() / 1000);
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const header = { alg: 'RS256', jku: `${ISSUER}/certs`, kid: 'k', typ: 'JWT' };
const payload = { iss: ISSUER, nbf: now, exp: now + 3600, 'x-ms-ver': '1.0' };

describe('touchstone token verify', () => {
  let desk: Desk;
  let elsewhere: Server;
  let asked = 0;
  let good: GoodJws;

  beforeAll(async () => {
    await buildTouchstone();
    desk = await Desk.open();
    elsewhere = createServer((_request, response) => {
      asked += 1;
      response.writeHead(404).end();
    });
    await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
    const { port } = elsewhere.address() as AddressInfo;
    good = { privateKey, header, payload, elsewhere: `http://127.0.0.1:${port}` };
    const keys = [{ ...publicKey.export({ format: 'jwk' }), kid: 'k' }];
    await desk.put('jwks.json', JSON.stringify({ keys }));
  });
  afterAll(async () => {
    elsewhere.close();
    await desk.close();
  });

  async function verify(jws: string): Promise<Ran> {
    await desk.put('token.jwt', jws);
    const args = ['--jwks', 'jwks.json', '--issuer', ISSUER, '--json'];
    return desk.touchstone('token', 'verify', 'token.jwt', ...args);
  }

  it('finds the good one valid', async () => {
    expect((await verify(compactRs256(privateKey, header, payload))).code).toBe(0);
  });

  it.each<[string, () => string]>([
    ...JOSE_ATTACK_NAMES.map((name): [string, () => string] => [
      name,
      () => JOSE_ATTACKS[name](good),
    ]),
    ['the form of a policy', () => wrapPolicy('version=1.0;')],
    ['the form of a reset', () => RESET_DOCUMENT],
    [
      'the name of another provider',
      () =>
        compactRs256(privateKey, header, { ...payload, iss: 'https://q.eus2.attest.azure.net' }),
    ],
  ])('rejects one with %s', async (_name, jws) => {
    const { code, stdout } = await verify(jws());
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      verdict: 'rejected',
      code: expect.stringMatching(/^TOKEN_/),
      claims: null,
    });
    expect(asked).toBe(0);
  });
});
