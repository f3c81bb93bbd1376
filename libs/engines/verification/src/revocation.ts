import type { Certificate, Crl } from '@touchstone/pki';
import { ExtensionOid, Oid, parseCrl, verifyCrlSignature } from '@touchstone/pki';
import { sameName } from './certificates';
import type { Trail } from './trail';
import type { VerificationErrorCode } from './verification-error';

/** A CRL of `issuer`: format, issuer, extensions and signature, in Intel's order. `name` is `root-ca-crl` or `pck-crl`. */
export function verifyCrl(
  trail: Trail,
  name: 'root-ca-crl' | 'pck-crl',
  bytes: Uint8Array,
  issuer: Certificate,
): Crl {
  const crl = trail.attempt(`${name}-format`, 'CRL_MALFORMED', () => parseCrl(bytes));
  trail.require(`${name}-issuer`, sameName(crl.issuer, issuer.subject), 'CRL_UNKNOWN_ISSUER', {
    read: crl.issuer.text,
    expected: issuer.subject.text,
  });
  const complete =
    crl.extensions.has(ExtensionOid.crlNumber) &&
    crl.extensions.has(ExtensionOid.authorityKeyIdentifier);
  trail.require(`${name}-extensions`, complete, 'CRL_INVALID_EXTENSIONS', {
    expected: 'CRL number and authority key identifier',
  });
  const signed = crl.signatureAlgorithm === Oid.ecdsaWithSha256 && verifyCrlSignature(crl, issuer);
  trail.require(`${name}-signature`, signed, 'CRL_INVALID_SIGNATURE', {
    expected: issuer.subject.text,
  });
  return crl;
}

/** A certificate on a CRL is revoked, whatever date stands beside it. */
export function requireNotRevoked(
  trail: Trail,
  name: string,
  certificate: Certificate,
  crl: Crl | undefined,
  code: VerificationErrorCode,
): void {
  if (crl === undefined) {
    trail.skipped(name, { detail: 'judged without this CRL' });
    return;
  }
  trail.require(name, !crl.revoked.has(certificate.serialNumber), code, {
    read: certificate.serialNumber,
  });
}
