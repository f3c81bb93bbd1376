import { toHex } from '@touchstone/bytes';
import { type DerElement, type DerReader, Tag, malformed } from './der-reader';
import { readOid } from './der-values';

/** Attributes of one name, at most. */
export const MAX_NAME_ATTRIBUTES = 32;

export interface DistinguishedName {
  /** RFC 4514 text: last RDN first, such as `C=US,ST=CA,L=Santa Clara,O=Intel Corporation,CN=Intel SGX Root CA`. */
  readonly text: string;
  /** The whole Name element, as it arrived. */
  readonly der: Uint8Array;
  /** The first common name, when there is one. */
  readonly commonName?: string;
}

interface Attribute {
  readonly type: string;
  readonly value: string;
}

const SHORT_NAMES: Readonly<Record<string, string>> = {
  '2.5.4.3': 'CN',
  '2.5.4.6': 'C',
  '2.5.4.7': 'L',
  '2.5.4.8': 'ST',
  '2.5.4.10': 'O',
  '2.5.4.11': 'OU',
  '0.9.2342.19200300.100.1.25': 'DC',
};

const decoder = (encoding: string) => {
  const decoded = new TextDecoder(encoding, { fatal: true, ignoreBOM: true });
  return (bytes: Uint8Array): string => decoded.decode(bytes);
};
const [utf8, latin1, utf16] = [decoder('utf-8'), decoder('latin1'), decoder('utf-16be')];

const TEXT_TYPES: Readonly<Record<number, (bytes: Uint8Array) => string>> = {
  0x0c: utf8, // UTF8String
  0x12: latin1, // NumericString
  0x13: latin1, // PrintableString
  0x14: latin1, // TeletexString
  0x16: latin1, // IA5String
  0x1a: latin1, // VisibleString
  0x1e: utf16, // BMPString
};

export function readName(reader: DerReader, field: string): DistinguishedName {
  const name = reader.take(Tag.sequence, field);
  const rdns: Attribute[][] = [];
  const sets = name.children();
  let count = 0;
  while (!sets.done) {
    const rdn = readRdn(sets.enter(Tag.set, field), field);
    count += rdn.length;
    if (rdn.length === 0 || count > MAX_NAME_ATTRIBUTES) throw malformed(field, 'attribute count');
    rdns.push(rdn);
  }
  const commonName = rdns.flat().find((attribute) => attribute.type === 'CN')?.value;
  return {
    text: nameText(rdns),
    der: name.bytes,
    ...(commonName === undefined ? {} : { commonName }),
  };
}

function readRdn(set: DerReader, field: string): Attribute[] {
  const attributes: Attribute[] = [];
  while (!set.done) {
    const pair = set.enter(Tag.sequence, field);
    const oid = readOid(pair, field);
    const value = pair.next(field);
    pair.end(field);
    attributes.push({ type: SHORT_NAMES[oid] ?? oid, value: attributeText(value, field) });
  }
  return attributes;
}

function attributeText(element: DerElement, field: string): string {
  const decode = TEXT_TYPES[element.tag];
  if (!decode) return `#${toHex(element.bytes)}`;
  try {
    return decode(element.content);
  } catch {
    throw malformed(field, 'attribute is not text');
  }
}

const nameText = (rdns: readonly Attribute[][]): string =>
  rdns
    .map((rdn) => rdn.map(({ type, value }) => `${type}=${escapeValue(value)}`).join('+'))
    .reverse()
    .join(',');

const TO_ESCAPE = /[\\"+,;<>\0]|^[ #]| $/;

// RFC 4514 section 2.4
const escapeValue = (value: string): string => (TO_ESCAPE.test(value) ? escaped(value) : value);

const escaped = (value: string): string =>
  value
    .replace(/[\\"+,;<>]/g, '\\$&')
    .replaceAll('\0', '\\00')
    .replace(/^[ #]/, '\\$&')
    .replace(/ $/, '\\ ');
