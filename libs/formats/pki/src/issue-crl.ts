import { AsnConvert } from '@peculiar/asn1-schema';
import {
  CertificateList,
  RevokedCertificate,
  TBSCertList,
  Time,
  Version,
} from '@peculiar/asn1-x509';
import { fromHex } from '@touchstone/bytes';
import { Tag } from './der-reader';
import { derElement } from './der-writer';
import type { EcSigner } from './ec-signer';
import { ExtensionOid } from './extensions';
import { arrayBuffer, ecdsaWithSha256, serialOf } from './issue-certificate';
import { authorityKeyIdentifier, extension } from './issue-extensions';
import { type NameSource, nameOf } from './issue-names';

export interface CrlRequest {
  /** Parts, or the DER of the issuer's subject. */
  readonly issuer: NameSource;
  readonly thisUpdate: Date;
  readonly nextUpdate: Date;
  /** Not negative. */
  readonly number: bigint;
  readonly authorityKeyId: Uint8Array;
  readonly revoked: readonly RevokedEntry[];
}

export interface RevokedEntry {
  /** Magnitude, big-endian, or its hex text as `Certificate.serialNumber` gives it. */
  readonly serial: Uint8Array | string;
  readonly at: Date;
}

/** Issues a v2 CRL with CRL number and AKI, signed with ecdsa-with-SHA256; DER. An empty list is left out altogether. */
export function issueCrl(request: CrlRequest, signer: EcSigner): Uint8Array {
  const tbs = new TBSCertList({
    version: Version.v2,
    signature: ecdsaWithSha256(),
    issuer: nameOf(request.issuer),
    thisUpdate: new Time(request.thisUpdate),
    nextUpdate: new Time(request.nextUpdate),
    crlExtensions: [
      extension(ExtensionOid.crlNumber, false, crlNumber(request.number)),
      authorityKeyIdentifier(request.authorityKeyId),
    ],
  });
  if (request.revoked.length > 0) tbs.revokedCertificates = request.revoked.map(revokedEntry);
  const signature = signer.sign(new Uint8Array(AsnConvert.serialize(tbs)));
  const crl = new CertificateList({
    tbsCertList: tbs,
    signatureAlgorithm: ecdsaWithSha256(),
    signature: arrayBuffer(signature),
  });
  return new Uint8Array(AsnConvert.serialize(crl));
}

const revokedEntry = ({ serial, at }: RevokedEntry): RevokedCertificate =>
  new RevokedCertificate({
    userCertificate: serialOf(typeof serial === 'string' ? fromHex(serial, 'serial') : serial),
    revocationDate: new Time(at),
  });

function crlNumber(number: bigint): Uint8Array {
  const digits = number.toString(16);
  const octets = fromHex(digits.padStart(digits.length + (digits.length % 2), '0'), 'number');
  const sign = (octets[0] ?? 0) >= 0x80 ? [0] : [];
  return derElement(Tag.integer, Uint8Array.of(...sign, ...octets));
}
