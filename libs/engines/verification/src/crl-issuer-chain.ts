import { equal } from '@touchstone/bytes';
import { parsePemChain } from '@touchstone/pki';
import type { SignatureMemo } from './certificates';
import { isIssuedBy, isSelfIssued } from './certificates';
import type { Trail } from './trail';
import type { TrustAnchor } from './trust-anchor';
import type { Validity } from './validity';
import { validityOfChain } from './validity';

const NAME = 'pck-crl-issuer-chain';

/**
 * The chain beside the PCK CRL. The CRL itself is checked with the CA of the PCK chain, so nothing is proven by this one;
 * but its dates go into the result, and what goes there must be signed.
 */
export function verifyCrlIssuerChain(
  trail: Trail,
  pem: string,
  anchor: TrustAnchor,
  memo: SignatureMemo,
): Validity {
  const chain = trail.attempt(`${NAME}-format`, 'CERTIFICATE_UNSUPPORTED', () =>
    parsePemChain(pem),
  );
  const root = chain.find(
    (certificate) =>
      isSelfIssued(certificate) && equal(certificate.publicKeyBytes, anchor.publicKey),
  );
  const leads =
    root !== undefined && chain.every((certificate) => isIssuedBy(certificate, root, memo));
  trail.require(`${NAME}-signatures`, leads, 'CRL_UNKNOWN_ISSUER', {
    expected: `certificates issued by ${anchor.name}`,
  });
  return validityOfChain(NAME, chain);
}
