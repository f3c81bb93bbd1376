import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { rsaSelfSigned } from '@touchstone/pki';
import { createTokenSigner, maaJwks, metadataDocument, signJwt } from '@touchstone/token';
import type { TokenSigner } from '@touchstone/token';
import type { LocalCa } from '@touchstone/tls';

/** A small HTTPS server that answers paths with JSON. */
export interface Stand {
  readonly url: string;
  readonly documents: Map<string, unknown>;
  readonly asked: string[];
  close(): Promise<void>;
}

export async function openStand(ca: LocalCa, service: string): Promise<Stand> {
  const documents = new Map<string, unknown>();
  const asked: string[] = [];
  const tls = await ca.certificateFor({ service });
  const server = createServer({ key: tls.key, cert: tls.cert }, (request, response) => {
    const path = request.url ?? '';
    asked.push(path);
    response.writeHead(documents.has(path) ? 200 : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify(documents.get(path) ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `https://localhost:${(server.address() as AddressInfo).port}`,
    documents,
    asked,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A signer of the test's own, with which other things than tokens can be signed too. */
export type TestSigner = TokenSigner & { readonly privateKey: KeyObject };

export function newSigner(): TestSigner {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const privateKeyPkcs8 = new Uint8Array(privateKey.export({ type: 'pkcs8', format: 'der' }));
  const year = 365 * 86_400_000;
  const certificate = rsaSelfSigned({
    commonName: 'https://attestation.example.test',
    privateKeyPkcs8,
    serial: Uint8Array.of(1),
    notBefore: new Date(Date.now() - year),
    notAfter: new Date(Date.now() + year),
  });
  return { ...createTokenSigner({ privateKeyPkcs8, certificates: [certificate] }), privateKey };
}

export type Claims = Readonly<Record<string, unknown>>;

/** An attestation service whose word is good for whatever a test wants said. */
export interface AuthorityStand {
  /** A provider under a path, as the local attestation service has them. */
  readonly url: string;
  readonly stand: Stand;
  readonly signer: TestSigner;
  token(claims: Claims, options?: { signer?: TokenSigner; header?: Claims }): string;
}

export async function openAuthority(ca: LocalCa, now: () => Date): Promise<AuthorityStand> {
  const stand = await openStand(ca, 'attestation-stand');
  const url = `${stand.url}/shared`;
  const signer = newSigner();
  stand.documents.set('/shared/.well-known/openid-configuration', metadataDocument(url));
  stand.documents.set('/shared/certs', maaJwks([signer], { publicMembers: false }));
  return {
    url,
    stand,
    signer,
    token: (claims, { signer: other = signer, header = {} } = {}) => {
      const iat = Math.floor(now().getTime() / 1000);
      const payload = { iss: url, iat, nbf: iat, exp: iat + 3600, ...claims };
      return signJwt({ header: { jku: `${url}/certs`, ...header }, payload }, other);
    },
  };
}

export const TENANT = '7d3e5e3a-6a55-4a3a-9f3c-0d0c1b5b7a10';

/** A token authority: publishes its key, and hands out whatever bearer token a test wants. */
export interface IdentityStand {
  readonly stand: Stand;
  readonly signer: TestSigner;
  bearer(claims: Claims, signer?: TokenSigner): string;
}

export async function openIdentity(ca: LocalCa, now: () => Date): Promise<IdentityStand> {
  const stand = await openStand(ca, 'identity-stand');
  const signer = newSigner();
  stand.documents.set(`/${TENANT}/discovery/v2.0/keys`, maaJwks([signer]));
  return {
    stand,
    signer,
    bearer: (claims, other = signer) => {
      const iat = Math.floor(now().getTime() / 1000);
      const payload = {
        aud: 'https://vault.azure.net',
        iss: `https://sts.windows.net/${TENANT}/`,
        iat,
        nbf: iat,
        exp: iat + 3600,
        ver: '1.0',
        tid: TENANT,
        appid: 'app-of-the-test',
        ...claims,
      };
      return signJwt({ payload }, other);
    },
  };
}
