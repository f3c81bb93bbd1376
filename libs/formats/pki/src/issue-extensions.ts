import { isIP } from 'node:net';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import {
  AuthorityKeyIdentifier,
  BasicConstraints,
  CRLDistributionPoints,
  DistributionPoint,
  DistributionPointName,
  ExtendedKeyUsage,
  Extension,
  GeneralName,
  KeyIdentifier,
  SubjectAlternativeName,
  SubjectKeyIdentifier,
} from '@peculiar/asn1-x509';
import { ExtensionOid, KEY_USAGES, type KeyUsage } from './extensions';
import { derElement } from './der-writer';
import { Tag } from './der-reader';
import { PkiError } from './pki-error';

export const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';
export const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2';

export interface ExtraExtension {
  readonly oid: string;
  readonly critical: boolean;
  /** What goes inside the OCTET STRING. */
  readonly value: Uint8Array;
}

/** The extensions of a certificate to be issued, in the order in which Intel's certificates carry them. */
export interface ExtensionRequest {
  readonly isCa: boolean;
  readonly pathLength?: number;
  readonly keyUsage: readonly KeyUsage[];
  readonly subjectKeyId?: Uint8Array;
  readonly authorityKeyId?: Uint8Array;
  /** URI; taken apart nowhere, so any URI. */
  readonly crlDistributionPoint?: string;
  readonly subjectAltNames?: { readonly dns?: readonly string[]; readonly ip?: readonly string[] };
  /** OIDs, such as `SERVER_AUTH`. */
  readonly extendedKeyUsage?: readonly string[];
  readonly extra?: readonly ExtraExtension[];
}

export function certificateExtensions(request: ExtensionRequest): Extension[] {
  const { authorityKeyId, crlDistributionPoint, subjectKeyId, subjectAltNames, extendedKeyUsage } =
    request;
  return [
    ...(authorityKeyId ? [authorityKeyIdentifier(authorityKeyId)] : []),
    ...(crlDistributionPoint ? [distributionPoint(crlDistributionPoint)] : []),
    ...(subjectKeyId ? [subjectKeyIdentifier(subjectKeyId)] : []),
    extension(ExtensionOid.keyUsage, true, keyUsageBits(request.keyUsage)),
    basicConstraints(request),
    ...(extendedKeyUsage ? [keyPurposes(extendedKeyUsage)] : []),
    ...(subjectAltNames ? [alternativeNames(subjectAltNames)] : []),
    ...(request.extra ?? []).map(({ oid, critical, value }) => extension(oid, critical, value)),
  ];
}

export const authorityKeyIdentifier = (keyId: Uint8Array): Extension =>
  extension(
    ExtensionOid.authorityKeyIdentifier,
    false,
    AsnConvert.serialize(new AuthorityKeyIdentifier({ keyIdentifier: new KeyIdentifier(keyId) })),
  );

const subjectKeyIdentifier = (keyId: Uint8Array): Extension =>
  extension(
    ExtensionOid.subjectKeyIdentifier,
    false,
    AsnConvert.serialize(new SubjectKeyIdentifier(keyId)),
  );

export function extension(
  oid: string,
  critical: boolean,
  value: ArrayBuffer | Uint8Array,
): Extension {
  const extnValue = new OctetString(value instanceof Uint8Array ? value.slice().buffer : value);
  return new Extension({ extnID: oid, critical, extnValue });
}

function basicConstraints({ isCa, pathLength }: ExtensionRequest): Extension {
  const constraints = new BasicConstraints({
    cA: isCa,
    ...(pathLength === undefined ? {} : { pathLenConstraint: pathLength }),
  });
  return extension(ExtensionOid.basicConstraints, true, AsnConvert.serialize(constraints));
}

function distributionPoint(uri: string): Extension {
  const name = new GeneralName({ uniformResourceIdentifier: uri });
  const point = new DistributionPoint({
    distributionPoint: new DistributionPointName({ fullName: [name] }),
  });
  const points = new CRLDistributionPoints([point]);
  return extension(ExtensionOid.crlDistributionPoints, false, AsnConvert.serialize(points));
}

const keyPurposes = (oids: readonly string[]): Extension =>
  extension(
    ExtensionOid.extendedKeyUsage,
    false,
    AsnConvert.serialize(new ExtendedKeyUsage([...oids])),
  );

function alternativeNames({
  dns = [],
  ip = [],
}: NonNullable<ExtensionRequest['subjectAltNames']>): Extension {
  for (const address of ip) {
    if (isIP(address) === 0) {
      throw new PkiError('PKI_ISSUE_INVALID', 'not an IP address', { field: 'subjectAltNames' });
    }
  }
  const names = new SubjectAlternativeName([
    ...dns.map((dNSName) => new GeneralName({ dNSName })),
    ...ip.map((iPAddress) => new GeneralName({ iPAddress })),
  ]);
  return extension(ExtensionOid.subjectAltName, false, AsnConvert.serialize(names));
}

// A named bit list: trailing zero bits are not encoded (X.690 section 11.2.2).
function keyUsageBits(usages: readonly KeyUsage[]): Uint8Array {
  const bits = usages.map((usage) => KEY_USAGES.indexOf(usage));
  if (bits.length === 0) {
    throw new PkiError('PKI_ISSUE_INVALID', 'no key usage is named', { field: 'keyUsage' });
  }
  const octets = new Uint8Array((Math.max(...bits) >> 3) + 1);
  for (const bit of bits) octets[bit >> 3] = (octets[bit >> 3] ?? 0) | (0x80 >> (bit & 7));
  return derElement(Tag.bitString, Uint8Array.of(7 - (Math.max(...bits) & 7)), octets);
}
