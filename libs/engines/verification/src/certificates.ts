import type { Certificate, DistinguishedName } from '@touchstone/pki';
import { ExtensionOid, Oid, P256_POINT_BYTES, PkiError, verifyEcdsaP256 } from '@touchstone/pki';
import { equal } from '@touchstone/bytes';
import type { CertificateMemo } from './certificate-memo';
import type { Trail } from './trail';

/** Extensions without which Intel's library takes no certificate, root included. */
const REQUIRED_EXTENSIONS = [
  ['authority key identifier', ExtensionOid.authorityKeyIdentifier],
  ['CRL distribution points', ExtensionOid.crlDistributionPoints],
  ['subject key identifier', ExtensionOid.subjectKeyIdentifier],
  ['key usage', ExtensionOid.keyUsage],
  ['basic constraints', ExtensionOid.basicConstraints],
] as const;

/** Parses a PEM chain of exactly `count` certificates, each of the form that Intel's library takes. */
export function readChain(
  trail: Trail,
  name: string,
  pem: string | Uint8Array,
  count: number,
  memo: CertificateMemo,
): Certificate[] {
  const chain = trail.attempt(`${name}-format`, 'CERTIFICATE_UNSUPPORTED', () =>
    memo.readChain(pem),
  );
  trail.require(`${name}-length`, chain.length === count, 'CERTIFICATE_UNSUPPORTED', {
    read: `${chain.length} certificates`,
    expected: `${count}`,
  });
  const faults = chain.flatMap(faultsOf);
  trail.require(`${name}-certificates`, faults.length === 0, 'CERTIFICATE_UNSUPPORTED', {
    ...(faults[0] === undefined ? {} : { detail: faults[0] }),
  });
  return chain;
}

function faultsOf(certificate: Certificate): string[] {
  const { subject, extensions, publicKeyBytes, signatureAlgorithm } = certificate;
  const missing = REQUIRED_EXTENSIONS.filter(([, oid]) => !extensions.has(oid));
  return [
    ...missing.map(([name]) => `${subject.text} has no ${name}`),
    ...(publicKeyBytes.length === P256_POINT_BYTES ? [] : [`${subject.text} has no P-256 key`]),
    ...(signatureAlgorithm === Oid.ecdsaWithSha256
      ? []
      : [`${subject.text} is not signed with ECDSA-SHA256`]),
  ];
}

/** The same name: the same bytes, or the same attributes in another string type. */
export const sameName = (a: DistinguishedName, b: DistinguishedName): boolean =>
  equal(a.der, b.der) || a.text === b.text;

export const isSelfIssued = (certificate: Certificate): boolean =>
  sameName(certificate.subject, certificate.issuer);

export const named = (certificate: Certificate, phrase: string): boolean =>
  certificate.subject.commonName?.includes(phrase) ?? false;

/** Whether the certificate may issue others. */
export const isCa = ({ basicConstraints, keyUsage }: Certificate): boolean =>
  basicConstraints?.ca === true && (keyUsage?.has('keyCertSign') ?? false);

/** Whether the certificate's key signed `data`; r||s, 64 bytes. A key that is no point of the curve signed nothing. */
export function hasSigned(
  certificate: Certificate,
  data: Uint8Array,
  signature: Uint8Array,
): boolean {
  try {
    return verifyEcdsaP256(certificate.publicKey, data, signature, 'ieee-p1363');
  } catch (error) {
    if (error instanceof PkiError) return false;
    throw error;
  }
}
