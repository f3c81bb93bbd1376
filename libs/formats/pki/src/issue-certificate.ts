import { AsnConvert } from '@peculiar/asn1-schema';
import {
  AlgorithmIdentifier,
  Certificate as AsnCertificate,
  Extensions,
  SubjectPublicKeyInfo,
  TBSCertificate,
  Validity,
  Version,
} from '@peculiar/asn1-x509';
import { Oid } from './algorithm';
import type { EcSigner } from './ec-signer';
import { type ExtensionRequest, certificateExtensions } from './issue-extensions';
import { type NamePart, type NameSource, nameOf } from './issue-names';
import { PkiError } from './pki-error';
import { p256Spki } from './public-key';

interface CertificateFields extends ExtensionRequest {
  readonly subject: readonly NamePart[];
  /** Parts, or the DER of the issuer's subject. */
  readonly issuer: NameSource;
  /** Magnitude, big-endian, at most 20 bytes, not zero; a sign octet is added where DER needs one. */
  readonly serial: Uint8Array;
  readonly notBefore: Date;
  readonly notAfter: Date;
}

interface SubjectKey {
  /** SubjectPublicKeyInfo DER. */
  readonly spki?: Uint8Array;
  /** Uncompressed P-256 point, 65 bytes. */
  readonly publicKeyBytes?: Uint8Array;
}

/** What a certificate shall say. Exactly one of `spki` and `publicKeyBytes` is given. */
export type CertificateRequest = CertificateFields & SubjectKey;

/** Issues a v3 certificate signed with ecdsa-with-SHA256; DER. The same request and key give the same bytes. */
export function issueCertificate(request: CertificateRequest, signer: EcSigner): Uint8Array {
  const tbs = new TBSCertificate({
    version: Version.v3,
    serialNumber: serialOf(request.serial),
    signature: ecdsaWithSha256(),
    issuer: nameOf(request.issuer),
    validity: new Validity({ notBefore: request.notBefore, notAfter: request.notAfter }),
    subject: nameOf(request.subject),
    subjectPublicKeyInfo: AsnConvert.parse(spkiOf(request), SubjectPublicKeyInfo),
    extensions: new Extensions(certificateExtensions(request)),
  });
  const signature = signer.sign(new Uint8Array(AsnConvert.serialize(tbs)));
  const certificate = new AsnCertificate({
    tbsCertificate: tbs,
    signatureAlgorithm: ecdsaWithSha256(),
    signatureValue: arrayBuffer(signature),
  });
  return new Uint8Array(AsnConvert.serialize(certificate));
}

// RFC 5758 section 3.2: the parameters are absent.
export const ecdsaWithSha256 = (): AlgorithmIdentifier =>
  new AlgorithmIdentifier({ algorithm: Oid.ecdsaWithSha256 });

/** A copy in a buffer of its own, as the ASN.1 classes want it. */
export const arrayBuffer = (bytes: Uint8Array): ArrayBuffer => new Uint8Array(bytes).buffer;

const MAX_SERIAL_BYTES = 20;

/** INTEGER content octets of a positive serial number. */
export function serialOf(serial: Uint8Array): ArrayBuffer {
  const start = serial.findIndex((octet) => octet !== 0);
  const magnitude = start < 0 ? new Uint8Array() : serial.subarray(start);
  if (magnitude.length === 0 || magnitude.length > MAX_SERIAL_BYTES) {
    throw new PkiError('PKI_ISSUE_INVALID', 'a serial number is 1 to 20 bytes and not zero', {
      field: 'serial',
    });
  }
  const sign = (magnitude[0] ?? 0) >= 0x80 ? [0] : [];
  return arrayBuffer(Uint8Array.of(...sign, ...magnitude));
}

function spkiOf({ spki, publicKeyBytes }: SubjectKey): Uint8Array {
  if (spki && !publicKeyBytes) return spki;
  if (publicKeyBytes && !spki) return p256Spki(publicKeyBytes);
  throw new PkiError('PKI_ISSUE_INVALID', 'give either spki or publicKeyBytes', { field: 'spki' });
}
