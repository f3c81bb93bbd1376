import { generateKeyPairSync } from 'node:crypto';
import { rsaSelfSigned } from '@touchstone/pki';
import { createTokenSigner, maaJwks, metadataDocument, signJwt } from '@touchstone/token';
import type { TokenSigner } from '@touchstone/token';
import type { AuthorityDocuments } from '../authority-keys';

export const AUTHORITY = 'https://maa1.weu.attest.example.test';
export const NOW = new Date('2026-03-01T12:00:00Z');
export const seconds = (at: Date): number => Math.floor(at.getTime() / 1000);

export const newTokenSigner = (): TokenSigner => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const privateKeyPkcs8 = new Uint8Array(privateKey.export({ type: 'pkcs8', format: 'der' }));
  const certificate = rsaSelfSigned({
    commonName: AUTHORITY,
    privateKeyPkcs8,
    serial: Uint8Array.of(1),
    notBefore: new Date('2026-01-01T00:00:00Z'),
    notAfter: new Date('2027-01-01T00:00:00Z'),
  });
  return createTokenSigner({ privateKeyPkcs8, certificates: [certificate] });
};

const known = { own: newTokenSigner(), other: newTokenSigner() };
/** A signer that no authority lists; made once, because RSA keys take their time. */
export const otherSigner = (): TokenSigner => known.other;

/** An attestation service that publishes its metadata and keys, and counts who asks. */
export function anAuthority(url = AUTHORITY) {
  const signers = [known.own];
  const fetched: string[] = [];
  const overrides = new Map<string, unknown>();
  const answer = (at: string): unknown => {
    fetched.push(at);
    if (overrides.has(at)) return overrides.get(at);
    if (at === `${url}/.well-known/openid-configuration`) return metadataDocument(url);
    if (at === `${url}/certs`) return JSON.parse(JSON.stringify(maaJwks(signers)));
    return undefined;
  };
  const documents: AuthorityDocuments = {
    fetchJson: async (at) => {
      const document = answer(at);
      if (document === undefined) throw new Error('unreachable');
      return document;
    },
    findJson: async (at) => {
      const document = answer(at);
      if (document instanceof Error) throw document;
      return document;
    },
  };
  const token = (
    claims: Readonly<Record<string, unknown>> = {},
    {
      signer = signers[0],
      header = {},
    }: { signer?: TokenSigner | undefined; header?: object } = {},
  ): string => {
    if (signer === undefined) throw new TypeError('the authority has no signer');
    const times = { iat: seconds(NOW), nbf: seconds(NOW), exp: seconds(NOW) + 3600 };
    return signJwt(
      { header: { jku: `${url}/certs`, ...header }, payload: { iss: url, ...times, ...claims } },
      signer,
    );
  };
  return { url, signers, fetched, overrides, documents, token };
}
