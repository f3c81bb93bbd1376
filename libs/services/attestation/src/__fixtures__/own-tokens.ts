import { generateKeyPairSync } from 'node:crypto';
import { createTokenSigner, maaJwks, signJwt, type TokenSigner } from '@touchstone/token';
import { createOwnTokens } from '../own-token';
import type { Location, Provider } from '../providers';
import { aRecord } from './policy-signers';

export const NOW = new Date('2026-01-01T00:00:00Z');
export const SECONDS = NOW.getTime() / 1000;
export const ISSUER = 'https://localhost:7010/contoso';

export const aProvider = (record = aRecord()): Provider => ({
  name: record.name,
  region: record.region,
  host: 'contoso.eus2.attest.azure.net',
  record,
});

export const aLocation = (provider = aProvider()): Location => ({
  provider,
  issuer: ISSUER,
  path: '/',
});

export function newSigner(): TokenSigner {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return createTokenSigner({
    privateKeyPkcs8: new Uint8Array(privateKey.export({ format: 'der', type: 'pkcs8' })),
  });
}

/** The signer of a region, and what recognises its tokens. */
export function ownTokens(signer: TokenSigner) {
  const clock = { now: () => NOW };
  const token = (claims: object = {}, by = signer): string =>
    signJwt({ payload: { iss: ISSUER, nbf: SECONDS, exp: SECONDS + 3600, ...claims } }, by);
  const ownToken = createOwnTokens({ keySet: async () => maaJwks([signer]), clock });
  return { clock, token, ownToken };
}
