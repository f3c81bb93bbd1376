import { generateKeyPairSync } from 'node:crypto';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { openLocalCa } from '@touchstone/tls';
import {
  createTokenSigner,
  extensionMetadata,
  maaJwks,
  parseCompactJws,
  revocationDigest,
  revocationList,
  signJwt,
  type TokenSigner,
} from '@touchstone/token';
import { Desk, buildTouchstone, type Ran } from './touchstone';

const aSigner = (): TokenSigner => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const privateKeyPkcs8 = new Uint8Array(privateKey.export({ format: 'der', type: 'pkcs8' }));
  return createTokenSigner({ privateKeyPkcs8 });
};

describe('touchstone token verify --issuer', () => {
  const signer = aSigner();
  const documents = new Map<string, unknown>();
  const asked: string[] = [];
  let desk: Desk;
  let server: Server;
  let issuer: string;

  beforeAll(async () => {
    await buildTouchstone();
    desk = await Desk.open();
    const ca = await openLocalCa(desk.folder);
    const { key, cert } = await ca.certificateFor({ service: 'provider' });
    await desk.put('ca.pem', ca.pem);
    server = createServer({ key, cert }, ({ url = '' }, response) => {
      asked.push(url);
      const document = documents.get(url);
      response.writeHead(document === undefined ? 404 : document === null ? 503 : 200);
      response.end(JSON.stringify(document ?? {}));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    issuer = `https://localhost:${(server.address() as AddressInfo).port}/p`;
  });
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await desk.close();
  });
  beforeEach(() => {
    documents.clear();
    asked.length = 0;
    documents.set('/p/certs', maaJwks([signer]));
  });

  const now = Math.floor(Date.now() / 1000);
  const aToken = (by = signer): string =>
    signJwt(
      {
        header: { jku: 'https://localhost:1/certs' },
        payload: { iss: issuer, nbf: now, exp: now + 3600 },
      },
      by,
    );
  const verify = async (token: string, ...args: readonly string[]): Promise<Ran> => {
    await desk.put('token.jwt', token);
    return desk.touchstone('token', 'verify', 'token.jwt', '--json', '--issuer', issuer, ...args);
  };
  const withCa = (token: string): Promise<Ran> => verify(token, '--ca', 'ca.pem');
  const codeIn = ({ stdout }: Ran): unknown => (JSON.parse(stdout) as { code: unknown }).code;

  it('asks the provider that is named, and nobody whom the token names', async () => {
    const ran = await withCa(aToken());
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(asked).toEqual(['/p/certs', '/p/.well-known/touchstone-configuration']);
  });

  it('believes no provider under an authority that it does not know', async () => {
    const ran = await verify(aToken());
    expect({ code: ran.code, says: codeIn(ran) }).toEqual({
      code: 2,
      says: 'TOKEN_AUTHORITY_UNREACHABLE',
    });
  });

  it('rejects what somebody else signed', async () => {
    const ran = await withCa(aToken(aSigner()));
    expect({ code: ran.code, says: codeIn(ran) }).toEqual({ code: 1, says: 'TOKEN_UNKNOWN_KEY' });
  });

  it.each([
    ['was taken back', true, 1, 'TOKEN_REVOKED'],
    ['was not', false, 0, null],
  ])('looks whether the token %s', async (_name, taken, code, says) => {
    const token = aToken();
    documents.set('/p/.well-known/touchstone-configuration', extensionMetadata(issuer));
    const digests = taken ? [revocationDigest(parseCompactJws(token))] : [];
    documents.set('/p/revocations', revocationList(digests));
    const ran = await withCa(token);
    expect({ code: ran.code, says: codeIn(ran) }).toEqual({ code, says });
  });

  it.each(['/p/.well-known/touchstone-configuration', '/p/revocations'])(
    'does not guess when the provider fails at %s',
    async (path) => {
      documents.set('/p/.well-known/touchstone-configuration', extensionMetadata(issuer));
      documents.set(path, null);
      const ran = await withCa(aToken());
      expect({ code: ran.code, says: codeIn(ran) }).toEqual({
        code: 2,
        says: 'TOKEN_AUTHORITY_UNREACHABLE',
      });
    },
  );
});
