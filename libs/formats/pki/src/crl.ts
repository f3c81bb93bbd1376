import { fromHex, toHex } from '@touchstone/bytes';
import { type SignatureScheme, signatureScheme } from './algorithm';
import { DerReader, Tag, assertDer, contextTag, malformed } from './der-reader';
import { readMagnitude, readSmall, readTime } from './der-values';
import { type DistinguishedName, readName } from './distinguished-name';
import {
  ExtensionOid,
  type Extensions,
  readAuthorityKeyId,
  readExtension,
  readExtensions,
} from './extensions';
import { decodeBlock, pemBlocks } from './pem';
import { PkiError } from './pki-error';
import { readSigned } from './signed';

/** Bytes of one CRL in any of its encodings, at most. */
export const MAX_CRL_BYTES = 8 * 1024 * 1024;

/** Revoked certificates of one CRL, at most. */
export const MAX_CRL_ENTRIES = 100_000;

/** A certificate revocation list as it arrived: well-formed, not trusted. */
export interface Crl {
  readonly der: Uint8Array;
  /** The signed region, exactly as it arrived. */
  readonly tbs: Uint8Array;
  /** 1 or 2. */
  readonly version: number;
  readonly issuer: DistinguishedName;
  readonly thisUpdate: Date;
  readonly nextUpdate: Date;
  /** Serial number (as `Certificate.serialNumber`) to revocation date. */
  readonly revoked: ReadonlyMap<string, Date>;
  readonly crlNumber?: bigint;
  readonly authorityKeyId?: Uint8Array;
  readonly extensions: Extensions;
  readonly signatureAlgorithm: string;
  readonly signatureScheme?: SignatureScheme;
  readonly signature: Uint8Array;
}

/**
 * Reads a CRL (RFC 5280 section 5.1) given as DER (NUL octets may follow), PEM, or the hex text of its DER: the three
 * ways Intel's collateral carries one. `PKI_CRL_MALFORMED` or `PKI_LIMIT_EXCEEDED`.
 */
export function parseCrl(bytes: Uint8Array): Crl {
  if (bytes.length > MAX_CRL_BYTES) throw limit('the CRL is too long');
  try {
    return readCrl(derOf(bytes));
  } catch (error) {
    if (!(error instanceof PkiError) || error.code === 'PKI_LIMIT_EXCEEDED') throw error;
    throw new PkiError('PKI_CRL_MALFORMED', error.message, {
      ...(error.field === undefined ? {} : { field: error.field }),
      cause: error,
    });
  }
}

const PEM_PREFIX = '-----BEGIN X509 CRL-----';
const HEX_TEXT = /^(?:[0-9a-fA-F]{2})+\0*\s*$/;

function derOf(bytes: Uint8Array): Uint8Array {
  // Hex of DER begins with the digit 3, so an octet 0x30 (the digit 0) opens nothing but DER itself.
  if (bytes[0] === Tag.sequence) return withoutPadding(bytes);
  const text = Buffer.from(bytes).toString('latin1');
  if (text.startsWith(PEM_PREFIX)) {
    const [block, ...more] = pemBlocks(text, 'X509 CRL', 2);
    if (block === undefined || more.length > 0) throw malformed('crl', 'not exactly one PEM block');
    return decodeBlock(block);
  }
  if (!HEX_TEXT.test(text)) throw malformed('crl', 'neither DER, PEM nor hex');
  return fromHex(text.replace(/[\0\s]+$/, ''), 'crl');
}

function withoutPadding(bytes: Uint8Array): Uint8Array {
  const reader = new DerReader(bytes);
  const crl = reader.next('crl');
  if (bytes.subarray(crl.bytes.length).some((octet) => octet !== 0))
    throw malformed('crl', 'trailing data');
  return new Uint8Array(crl.bytes);
}

function readCrl(der: Uint8Array): Crl {
  assertDer(der, 'crl');
  const signed = readSigned(der, 'crl');
  const body = new DerReader(signed.tbs).enter(Tag.sequence, 'tbsCertList');
  const versionField = body.optional(Tag.integer, 'version');
  const version = versionField ? readSmall(new DerReader(versionField.bytes), 'version', 1) + 1 : 1;
  if (versionField && version === 1) throw malformed('version', 'only version 2 is spelled out');
  signed.assertAlgorithm(body.take(Tag.sequence, 'signature').bytes);
  const issuer = readName(body, 'issuer');
  const thisUpdate = readTime(body, 'thisUpdate');
  const nextUpdate = readTime(body, 'nextUpdate');
  const entries = body.optional(Tag.sequence, 'revokedCertificates');
  const revoked = entries ? readEntries(entries.children()) : new Map<string, Date>();
  const extensions = readCrlExtensions(body, version);
  body.end('tbsCertList');
  const scheme = signatureScheme(signed.algorithm);
  const crlNumber = readExtension(extensions, ExtensionOid.crlNumber, 'cRLNumber', readMagnitude);
  const aki = readExtension(
    extensions,
    ExtensionOid.authorityKeyIdentifier,
    'authorityKeyIdentifier',
    readAuthorityKeyId,
  );
  return {
    der,
    tbs: signed.tbs,
    version,
    issuer,
    thisUpdate,
    nextUpdate,
    revoked,
    ...(crlNumber ? { crlNumber: BigInt(`0x${toHex(crlNumber)}`) } : {}),
    ...(aki ? { authorityKeyId: aki } : {}),
    extensions,
    signatureAlgorithm: signed.algorithmOid,
    ...(scheme ? { signatureScheme: scheme } : {}),
    signature: signed.signature,
  };
}

// An entry's own extensions (reason, invalidity date) are not read: whatever the reason, it is revoked.
function readEntries(reader: DerReader): Map<string, Date> {
  const revoked = new Map<string, Date>();
  while (!reader.done) {
    if (revoked.size === MAX_CRL_ENTRIES) throw limit(`more than ${MAX_CRL_ENTRIES} entries`);
    const entry = reader.enter(Tag.sequence, 'revokedCertificates');
    const serial = toHex(readMagnitude(entry, 'userCertificate'));
    const at = readTime(entry, 'revocationDate');
    entry.optional(Tag.sequence, 'crlEntryExtensions');
    entry.end('revokedCertificates');
    if (revoked.has(serial))
      throw malformed('revokedCertificates', 'a serial number appears twice');
    revoked.set(serial, at);
  }
  if (revoked.size === 0) throw malformed('revokedCertificates', 'an empty list must be absent');
  return revoked;
}

function readCrlExtensions(body: DerReader, version: number): Extensions {
  const field = body.optional(contextTag(0), 'crlExtensions');
  if (!field) return new Map();
  if (version !== 2) throw malformed('crlExtensions', 'only version 2 has extensions');
  const inner = field.children();
  const extensions = readExtensions(inner, 'crlExtensions');
  inner.end('crlExtensions');
  return extensions;
}

const limit = (why: string): PkiError => new PkiError('PKI_LIMIT_EXCEEDED', why, { field: 'crl' });
