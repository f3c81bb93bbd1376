import { generateKeyPairSync } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { RESET_DOCUMENT, wrapPolicy } from '@touchstone/policy-document';
import { JOSE_ATTACKS, compactRs256, type GoodJws } from '@touchstone/testkit';
import { Desk, buildTokenRuns, type TokenRun } from './touchstone';

const ISSUER = 'https://p.eus2.attest.azure.net';
const now = Math.floor(Date.now() / 1000);
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const header = { alg: 'RS256', jku: `${ISSUER}/certs`, kid: 'k', typ: 'JWT' };
const payload = { iss: ISSUER, nbf: now, exp: now + 3600, 'x-ms-ver': '1.0' };

const FORGERIES: Readonly<Record<string, (good: GoodJws) => string>> = {
  ...JOSE_ATTACKS,
  'the form of a policy': () => wrapPolicy('version=1.0;'),
  'the form of a reset': () => RESET_DOCUMENT,
  'the name of another provider': () =>
    compactRs256(privateKey, header, { ...payload, iss: 'https://q.eus2.attest.azure.net' }),
};
const FORGERY_NAMES = Object.keys(FORGERIES);

describe('touchstone token verify', () => {
  let desk: Desk;
  let elsewhere: Server;
  let asked = 0;
  let ofGood: TokenRun | undefined;
  let ofForgeries: readonly TokenRun[];

  beforeAll(async () => {
    await buildTokenRuns();
    desk = await Desk.open();
    elsewhere = createServer((_request, response) => {
      asked += 1;
      response.writeHead(404).end();
    });
    await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
    const { port } = elsewhere.address() as AddressInfo;
    const good: GoodJws = { privateKey, header, payload, elsewhere: `http://127.0.0.1:${port}` };
    const keys = [{ ...publicKey.export({ format: 'jwk' }), kid: 'k' }];
    await desk.put('jwks.json', JSON.stringify({ keys }));
    const tokens = [
      compactRs256(privateKey, header, payload),
      ...FORGERY_NAMES.map((name) => FORGERIES[name]?.(good) ?? ''),
    ];
    [ofGood, ...ofForgeries] = await verify(tokens);
  });
  afterAll(async () => {
    elsewhere.close();
    await desk.close();
  });

  /** One process for all of them: each start of the command takes longer than what is tested. */
  async function verify(tokens: readonly string[]): Promise<readonly TokenRun[]> {
    const args = ['--jwks', 'jwks.json', '--issuer', ISSUER, '--json'];
    const files = tokens.map((_token, index) => `token-${index}.jwt`);
    await Promise.all(tokens.map((token, index) => desk.put(files[index] ?? '', token)));
    return desk.tokenRuns(files.map((file) => ['token', 'verify', file, ...args]));
  }

  it('finds the good one valid', () => {
    expect(ofGood?.code).toBe(0);
  });

  it.each(FORGERY_NAMES)('rejects one with %s', (name) => {
    const { code, stdout } = ofForgeries[FORGERY_NAMES.indexOf(name)] ?? { code: null, stdout: '' };
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      verdict: 'rejected',
      code: expect.stringMatching(/^TOKEN_/),
      claims: null,
    });
    expect(asked).toBe(0);
  });
});
