import { isZero, sha256, toHex } from '@touchstone/bytes';
import { SGX_EXTENSION_OID, parsePckExtension } from '@touchstone/collateral';
import { RA_TLS_EXTENSION } from '@touchstone/ias';
import type { Certificate } from '@touchstone/pki';
import { ExtensionOid, Oid, P256_POINT_BYTES } from '@touchstone/pki';
import { attempt } from '../attempt';
import { isSelfIssued } from '../certificates';
import { extensionFacts } from '../quote-facts';
import { recogniseCollateral } from '../recognise-collateral';
import { VerifierError } from '../verifier-error';
import type { InspectedField, InspectedSection, Inspection } from './inspection';
import { field } from './inspection';

/**
 * Every certificate in a file (PEM or DER, and whatever else carries certificates), with Intel's SGX extension taken apart.
 * @throws VerifierError INSPECT_UNREADABLE
 */
export function inspectCertificates(file: Uint8Array): Inspection {
  const certificates = recogniseCollateral(file).flatMap((piece) =>
    piece.kind === 'certificate' ? [piece.certificate] : [],
  );
  if (certificates.length === 0) {
    throw new VerifierError('INSPECT_UNREADABLE', 'there is no certificate in this file', {
      field: 'certificate',
    });
  }
  return { sections: certificates.flatMap(certificateSections) };
}

function certificateSections(certificate: Certificate): InspectedSection[] {
  const title = certificate.subject.commonName ?? certificate.subject.text;
  const extension = pckFields(certificate);
  return [
    { title, fields: certificateFields(certificate) },
    ...(extension.length === 0 ? [] : [{ title: 'SGX extension', fields: extension }]),
  ];
}

function certificateFields(certificate: Certificate): InspectedField[] {
  const { subject, issuer, serialNumber, notBefore, notAfter, subjectKeyId, authorityKeyId } =
    certificate;
  return [
    field('subject', subject.text),
    field('issuer', issuer.text, isSelfIssued(certificate) ? 'itself' : ''),
    field('version', `${certificate.version}`),
    field('serialNumber', serialNumber),
    field('notBefore', notBefore.toISOString()),
    field('notAfter', notAfter.toISOString()),
    field('publicKey', toHex(certificate.publicKeyBytes), keyText(certificate)),
    field(
      'signatureAlgorithm',
      certificate.signatureAlgorithm,
      nameOf(Oid, certificate.signatureAlgorithm),
    ),
    field('sha256Fingerprint', toHex(sha256(certificate.der))),
    ...(subjectKeyId ? [field('subjectKeyIdentifier', toHex(subjectKeyId))] : []),
    ...(authorityKeyId ? [field('authorityKeyIdentifier', toHex(authorityKeyId))] : []),
    ...usageFields(certificate),
    ...certificate.crlDistributionPoints.map((url) => field('crlDistributionPoint', url)),
    ...otherExtensions(certificate),
  ];
}

function keyText({ publicKeyBytes, publicKey }: Certificate): string {
  if (publicKeyBytes.length === P256_POINT_BYTES) return 'P-256 point';
  const bits = publicKey.asymmetricKeyDetails?.modulusLength;
  const type = publicKey.asymmetricKeyType?.toUpperCase() ?? 'key';
  return bits === undefined ? type : `${type}-${bits}`;
}

const nameOf = (names: Readonly<Record<string, string>>, oid: string): string | undefined =>
  Object.entries(names).find(([, value]) => value === oid)?.[0];

function usageFields({ keyUsage, basicConstraints }: Certificate): InspectedField[] {
  const { ca, pathLength } = basicConstraints ?? { ca: false };
  const path = pathLength === undefined ? '' : `, path length ${pathLength}`;
  return [
    ...(keyUsage ? [field('keyUsage', [...keyUsage].join(', '))] : []),
    ...(basicConstraints ? [field('basicConstraints', `${ca ? 'a CA' : 'no CA'}${path}`)] : []),
  ];
}

const SHOWN: ReadonlySet<string> = new Set([
  ExtensionOid.subjectKeyIdentifier,
  ExtensionOid.authorityKeyIdentifier,
  ExtensionOid.keyUsage,
  ExtensionOid.basicConstraints,
  ExtensionOid.crlDistributionPoints,
]);

const otherExtensions = ({ extensions }: Certificate): InspectedField[] =>
  [...extensions]
    .filter(([oid]) => !SHOWN.has(oid))
    .map(([oid, { critical, value }]) =>
      field(
        `extension ${oid}`,
        `${value.length} bytes${critical ? ', critical' : ''}`,
        extensionText(oid),
      ),
    );

function extensionText(oid: string): string | undefined {
  if (oid === SGX_EXTENSION_OID) return "Intel's SGX extension";
  if (oid === RA_TLS_EXTENSION) return 'comment: where RA-TLS carries attestation reports';
  return nameOf(ExtensionOid, oid);
}

function pckFields(certificate: Certificate): InspectedField[] {
  if (!certificate.extensions.has(SGX_EXTENSION_OID)) return [];
  const extension = attempt(() => parsePckExtension(certificate));
  if (extension === undefined) return [field('fault', 'the extension is malformed')];
  return Object.entries(extensionFacts(extension)).map(([name, value]) =>
    field(
      name,
      Array.isArray(value) ? value.join('.') : String(value),
      name === 'ppid' && isZero(extension.ppid) ? 'blanked out' : '',
    ),
  );
}
