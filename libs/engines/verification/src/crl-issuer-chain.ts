import { equal } from '@touchstone/bytes';
import type { CertificateMemo } from './certificate-memo';
import { isSelfIssued } from './certificates';
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
  memo: CertificateMemo,
): Validity {
  const chain = trail.attempt(`${NAME}-format`, 'CERTIFICATE_UNSUPPORTED', () =>
    memo.readChain(pem),
  );
  const root = chain.find(
    (certificate) =>
      isSelfIssued(certificate) && equal(certificate.publicKeyBytes, anchor.publicKey),
  );
  const leads =
    root !== undefined && chain.every((certificate) => memo.isIssuedBy(certificate, root));
  trail.require(`${NAME}-signatures`, leads, 'CRL_UNKNOWN_ISSUER', {
    expected: `certificates issued by ${anchor.name}`,
  });
  return validityOfChain(NAME, chain);
}
