import { DerReader, Tag, contextTag, malformed } from './der-reader';
import { booleanOf, readOctets, readOid, readSmall } from './der-values';
import { PkiError } from './pki-error';

/** Extensions of one certificate or CRL, at most. */
export const MAX_EXTENSIONS = 64;

export interface Extension {
  readonly critical: boolean;
  /** What is inside the OCTET STRING, as it arrived. */
  readonly value: Uint8Array;
}

export type Extensions = ReadonlyMap<string, Extension>;

export const ExtensionOid = {
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  crlNumber: '2.5.29.20',
  crlDistributionPoints: '2.5.29.31',
  authorityKeyIdentifier: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
} as const;

/** Named bits of KeyUsage in their order (RFC 5280 section 4.2.1.3). */
export const KEY_USAGES = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
] as const;

export type KeyUsage = (typeof KEY_USAGES)[number];

export interface BasicConstraints {
  readonly ca: boolean;
  readonly pathLength?: number;
}

/** Extensions ::= SEQUENCE OF Extension; one that appears twice is refused (RFC 5280 section 4.2). */
export function readExtensions(reader: DerReader, field: string): Extensions {
  const extensions = new Map<string, Extension>();
  const list = reader.enter(Tag.sequence, field);
  while (!list.done) {
    const item = list.enter(Tag.sequence, field);
    const oid = readOid(item, field);
    const critical = item.optional(Tag.boolean, field);
    const value = readOctets(item, `${field} ${oid}`);
    item.end(field);
    if (extensions.has(oid)) throw malformed(field, `${oid} appears twice`);
    if (extensions.size === MAX_EXTENSIONS) {
      throw new PkiError('PKI_LIMIT_EXCEEDED', `more than ${MAX_EXTENSIONS} extensions`, { field });
    }
    extensions.set(oid, { critical: critical !== undefined && booleanOf(critical, field), value });
  }
  return extensions;
}

/** Reads the one value that an extension holds; undefined when the extension is absent. */
export function readExtension<Value>(
  extensions: Extensions,
  oid: string,
  field: string,
  read: (reader: DerReader, field: string) => Value,
): Value | undefined {
  const extension = extensions.get(oid);
  if (!extension) return undefined;
  const reader = new DerReader(extension.value);
  const value = read(reader, field);
  reader.end(field);
  return value;
}

export const readSubjectKeyId = (reader: DerReader, field: string): Uint8Array =>
  readOctets(reader, field);

/** The key identifier of an AuthorityKeyIdentifier; undefined when it names issuer and serial only. */
export function readAuthorityKeyId(reader: DerReader, field: string): Uint8Array | undefined {
  return reader.enter(Tag.sequence, field).optional(contextTag(0, false), field)?.content;
}

export function readKeyUsage(reader: DerReader, field: string): ReadonlySet<KeyUsage> {
  const [unused = 8, ...octets] = reader.take(Tag.bitString, field).content;
  const last = octets.at(-1) ?? 0;
  if (unused > 7 || (last & ((1 << unused) - 1)) !== 0) throw malformed(field, 'unused bits');
  return new Set(
    KEY_USAGES.filter((_, bit) => ((octets[bit >> 3] ?? 0) & (0x80 >> (bit & 7))) !== 0),
  );
}

const MAX_PATH_LENGTH = 255;

export function readBasicConstraints(reader: DerReader, field: string): BasicConstraints {
  const body = reader.enter(Tag.sequence, field);
  const caField = body.optional(Tag.boolean, field);
  const ca = caField !== undefined && booleanOf(caField, field);
  if (body.done) return { ca };
  const pathLength = readSmall(body, field, MAX_PATH_LENGTH);
  body.end(field);
  return { ca, pathLength };
}

const URI_NAME = contextTag(6, false);

/** The URIs of all full names, in order; other kinds of name are passed over. */
export function readCrlDistributionPoints(reader: DerReader, field: string): readonly string[] {
  const uris: string[] = [];
  const points = reader.enter(Tag.sequence, field);
  while (!points.done) {
    const name = points.enter(Tag.sequence, field).optional(contextTag(0), field);
    const fullName = name && name.children().optional(contextTag(0), field);
    if (!fullName) continue;
    const names = fullName.children();
    while (!names.done) {
      const { tag, content } = names.next(field);
      if (tag === URI_NAME) uris.push(Buffer.from(content).toString('latin1'));
    }
  }
  return uris;
}
