import type { KeyObject } from 'node:crypto';
import { toHex } from '@touchstone/bytes';
import { type SignatureScheme, signatureScheme } from './algorithm';
import { DerReader, Tag, assertDer, contextTag, malformed } from './der-reader';
import { readMagnitude, readSmall, readTime } from './der-values';
import { type DistinguishedName, readName } from './distinguished-name';
import {
  type BasicConstraints,
  ExtensionOid,
  type Extensions,
  type KeyUsage,
  readAuthorityKeyId,
  readBasicConstraints,
  readCrlDistributionPoints,
  readExtension,
  readExtensions,
  readKeyUsage,
  readSubjectKeyId,
} from './extensions';
import { PkiError } from './pki-error';
import { keyOfSpki, p256PublicKey, publicKeyBytesOf } from './public-key';
import { readSigned } from './signed';

/** DER bytes of one certificate, at most. Some carry a whole quote with its collateral. */
export const MAX_CERTIFICATE_BYTES = 64 * 1024;

const MAX_SERIAL_OCTETS = 20;

/** An X.509 certificate as it arrived: well-formed, not trusted. */
export interface Certificate {
  readonly der: Uint8Array;
  /** The signed region, exactly as it arrived. */
  readonly tbs: Uint8Array;
  /** 1 or 3. */
  readonly version: number;
  /** Lower-case hex of the magnitude, leading zero octets dropped. */
  readonly serialNumber: string;
  readonly subject: DistinguishedName;
  readonly issuer: DistinguishedName;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** Made on first use: `PKI_KEY_NOT_ON_CURVE` or `PKI_KEY_UNSUPPORTED` come from here. */
  readonly publicKey: KeyObject;
  /** P-256: the uncompressed point, 65 bytes. Any other key: SPKI DER. */
  readonly publicKeyBytes: Uint8Array;
  readonly spki: Uint8Array;
  /** OID of the signature algorithm. */
  readonly signatureAlgorithm: string;
  /** How to check the signature; absent for algorithms that are not trusted here. */
  readonly signatureScheme?: SignatureScheme;
  /** DER for ECDSA. */
  readonly signature: Uint8Array;
  readonly extensions: Extensions;
  readonly subjectKeyId?: Uint8Array;
  readonly authorityKeyId?: Uint8Array;
  readonly keyUsage?: ReadonlySet<KeyUsage>;
  readonly basicConstraints?: BasicConstraints;
  readonly crlDistributionPoints: readonly string[];
}

/**
 * Reads one DER certificate (RFC 5280 section 4.1). `PKI_CERTIFICATE_MALFORMED` for whatever is not strict DER of that
 * shape, `PKI_KEY_UNSUPPORTED` for an elliptic key without a named curve, `PKI_LIMIT_EXCEEDED` for size and nesting.
 */
export function parseCertificate(der: Uint8Array): Certificate {
  if (der.length > MAX_CERTIFICATE_BYTES) {
    throw new PkiError('PKI_LIMIT_EXCEEDED', 'the certificate is too long', {
      field: 'certificate',
    });
  }
  try {
    return readCertificate(new Uint8Array(der));
  } catch (error) {
    if (!(error instanceof PkiError) || error.code !== 'PKI_DER_MALFORMED') throw error;
    throw new PkiError('PKI_CERTIFICATE_MALFORMED', error.message, {
      ...(error.field === undefined ? {} : { field: error.field }),
      cause: error,
    });
  }
}

function readCertificate(der: Uint8Array): Certificate {
  assertDer(der, 'certificate');
  const signed = readSigned(der, 'certificate');
  const body = new DerReader(signed.tbs).enter(Tag.sequence, 'tbsCertificate');
  const version = readVersion(body);
  const serial = readMagnitude(body, 'serialNumber');
  if (serial.length > MAX_SERIAL_OCTETS) throw malformed('serialNumber', 'longer than 20 octets');
  signed.assertAlgorithm(body.take(Tag.sequence, 'signature').bytes);
  const issuer = readName(body, 'issuer');
  const validity = body.enter(Tag.sequence, 'validity');
  const notBefore = readTime(validity, 'notBefore');
  const notAfter = readTime(validity, 'notAfter');
  validity.end('validity');
  const subject = readName(body, 'subject');
  const spki = body.take(Tag.sequence, 'subjectPublicKeyInfo').bytes;
  const publicKeyBytes = publicKeyBytesOf(spki);
  const extensions = readCertificateExtensions(body, version);
  body.end('tbsCertificate');
  const scheme = signatureScheme(signed.algorithm);
  let publicKey: KeyObject | undefined;
  return {
    der,
    tbs: signed.tbs,
    version,
    serialNumber: toHex(serial),
    subject,
    issuer,
    notBefore,
    notAfter,
    get publicKey() {
      return (publicKey ??=
        spki === publicKeyBytes ? keyOfSpki(spki) : p256PublicKey(publicKeyBytes));
    },
    publicKeyBytes,
    spki,
    signatureAlgorithm: signed.algorithmOid,
    ...(scheme ? { signatureScheme: scheme } : {}),
    signature: signed.signature,
    extensions,
    ...wellKnown(extensions),
  };
}

// Version is EXPLICIT [0] DEFAULT v1; only v3 may carry extensions.
function readVersion(body: DerReader): number {
  const field = body.optional(contextTag(0), 'version');
  if (!field) return 1;
  const inner = field.children();
  const version = readSmall(inner, 'version', 2) + 1;
  inner.end('version');
  if (version === 1) throw malformed('version', 'the default value is spelled out');
  return version;
}

function readCertificateExtensions(body: DerReader, version: number): Extensions {
  body.optional(contextTag(1, false), 'issuerUniqueID');
  body.optional(contextTag(2, false), 'subjectUniqueID');
  const field = body.optional(contextTag(3), 'extensions');
  if (!field) return new Map();
  if (version !== 3) throw malformed('extensions', 'only version 3 has extensions');
  const inner = field.children();
  const extensions = readExtensions(inner, 'extensions');
  inner.end('extensions');
  return extensions;
}

function wellKnown(extensions: Extensions) {
  const {
    subjectKeyIdentifier,
    authorityKeyIdentifier,
    keyUsage,
    basicConstraints,
    crlDistributionPoints,
  } = ExtensionOid;
  const ski = readExtension(
    extensions,
    subjectKeyIdentifier,
    'subjectKeyIdentifier',
    readSubjectKeyId,
  );
  const aki = readExtension(
    extensions,
    authorityKeyIdentifier,
    'authorityKeyIdentifier',
    readAuthorityKeyId,
  );
  const usage = readExtension(extensions, keyUsage, 'keyUsage', readKeyUsage);
  const constraints = readExtension(
    extensions,
    basicConstraints,
    'basicConstraints',
    readBasicConstraints,
  );
  const points = readExtension(
    extensions,
    crlDistributionPoints,
    'cRLDistributionPoints',
    readCrlDistributionPoints,
  );
  return {
    ...(ski ? { subjectKeyId: ski } : {}),
    ...(aki ? { authorityKeyId: aki } : {}),
    ...(usage ? { keyUsage: usage } : {}),
    ...(constraints ? { basicConstraints: constraints } : {}),
    crlDistributionPoints: points ?? [],
  };
}
