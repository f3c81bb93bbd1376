import { generateKeyPairSync } from 'node:crypto';
import { createTokenSigner, maaJwks, signJwt, unsecuredJwt } from '@touchstone/token';
import { Desk, buildTouchstone, type Ran } from './touchstone';

const AT = new Date('2026-01-01T00:00:00Z');
const SECONDS = AT.getTime() / 1000;
const ISSUER = 'https://p.eus2.attest.azure.net';

const aSigner = () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const privateKeyPkcs8 = new Uint8Array(privateKey.export({ format: 'der', type: 'pkcs8' }));
  return createTokenSigner({ privateKeyPkcs8 });
};
const signer = aSigner();
const payload = { iss: ISSUER, nbf: SECONDS, exp: SECONDS + 60, 'x-ms-ver': '1.0' };
const token = signJwt({ payload }, signer);

let desk: Desk;

beforeAll(async () => {
  await buildTouchstone();
  desk = await Desk.open();
  await desk.put('jwks.json', JSON.stringify(maaJwks([signer])));
  await desk.put('token.jwt', `${token}\n`);
  await desk.put('answer.json', JSON.stringify({ token }));
  await desk.put('foreign.jwt', signJwt({ payload }, aSigner()));
  await desk.put('none.jwt', unsecuredJwt(payload));
});

afterAll(() => desk.close());

const verify = (file: string, ...args: readonly string[]): Promise<Ran> =>
  desk.touchstone('token', 'verify', file, '--at', AT.toISOString(), '--json', ...args);
const documentOf = ({ stdout }: Ran) => JSON.parse(stdout) as Readonly<Record<string, unknown>>;

describe('touchstone token verify', () => {
  it.each(['token.jwt', 'answer.json'])('finds %s valid, and exits with 0', async (file) => {
    const ran = await verify(file, '--jwks', 'jwks.json', '--issuer', ISSUER);
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(documentOf(ran)).toMatchObject({
      verdict: 'valid',
      code: null,
      issuer: ISSUER,
      claims: payload,
    });
  });

  it('tells a person', async () => {
    const args = ['token', 'verify', 'token.jwt', '--jwks', 'jwks.json', '--at', AT.toISOString()];
    const { code, stdout } = await desk.touchstone(...args);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^VALID\n/);
    expect(stdout).toContain('– token-issuer');
    expect(stdout).toContain('  x-ms-ver  1.0');
  });

  it.each([
    ['foreign.jwt', [], 'TOKEN_UNKNOWN_KEY'],
    ['none.jwt', [], 'TOKEN_ALGORITHM'],
    ['token.jwt', ['--issuer', 'https://q.eus2.attest.azure.net'], 'TOKEN_ISSUER'],
    ['token.jwt', ['--at', '2026-01-01T00:01:00Z'], 'TOKEN_EXPIRED'],
  ])('rejects %s %j, and exits with 1', async (file, args, code) => {
    const ran = await verify(file, '--jwks', 'jwks.json', ...args);
    expect(ran.code).toBe(1);
    expect(documentOf(ran)).toMatchObject({ verdict: 'rejected', code, claims: null });
  });

  it.each([
    ['token.jwt', [], 'TOKEN_AUTHORITY_UNNAMED'],
    ['token.jwt', ['--issuer', 'https://localhost:1/p'], 'TOKEN_AUTHORITY_UNREACHABLE'],
    ['token.jwt', ['--jwks', 'token.jwt'], 'TOKEN_KEYS_UNREADABLE'],
    ['none', ['--jwks', 'jwks.json'], 'FILE_UNREADABLE'],
    ['token.jwt', ['--jwks', 'jwks.json', '--at', 'noon'], 'USAGE'],
  ])('does not judge %s %j, and exits with 2', async (file, args, code) => {
    const ran = await verify(file, ...args);
    expect(ran.code).toBe(2);
    expect(documentOf(ran)).toMatchObject({ verdict: 'not-judged', code });
  });
});
