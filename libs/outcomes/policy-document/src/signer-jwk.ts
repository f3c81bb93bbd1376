import { sha1, toBase64, toHex } from '@touchstone/bytes';
import type { JsonObject } from '@touchstone/claims';
import type { Certificate } from '@touchstone/pki';
import { policyAlgorithm } from './policy-signer';

/** A certificate as the services publish it: JWK with `alg`, `kty`, `use` and its `x5c`. */
export const certificateJwk = (certificate: Certificate): JsonObject => chainJwk([certificate]);

/** The JWK of a chain, leaf first. */
export function chainJwk(chain: readonly [Certificate, ...Certificate[]]): JsonObject {
  const { publicKey } = chain[0];
  const alg = policyAlgorithm(publicKey);
  return {
    ...(alg && { alg }),
    kty: publicKey.asymmetricKeyType === 'ec' ? 'EC' : 'RSA',
    use: 'sig',
    x5c: chain.map(({ der }) => toBase64(der)),
  };
}

/** `x-ms-certificate-thumbprint`: SHA-1 of the DER, upper-case hex. */
export const certificateThumbprint = ({ der }: Certificate): string =>
  toHex(sha1(der)).toUpperCase();
