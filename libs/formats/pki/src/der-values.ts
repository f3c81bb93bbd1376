import { type DerElement, type DerReader, MAX_OID_OCTETS, Tag, malformed } from './der-reader';

/** Content octets of an INTEGER as a magnitude: not negative, minimal, the sign octet dropped; zero is one zero octet. */
export function readMagnitude(reader: DerReader, field: string): Uint8Array {
  return magnitude(reader.take(Tag.integer, field), field);
}

/** A small non-negative INTEGER or ENUMERATED, at most `max`. */
export function readSmall(
  reader: DerReader,
  field: string,
  max: number,
  tag: number = Tag.integer,
): number {
  const octets = magnitude(reader.take(tag, field), field);
  let value = 0;
  for (const octet of octets) {
    value = value * 256 + octet;
    if (value > max) throw malformed(field, `larger than ${max}`);
  }
  return value;
}

export function readBoolean(reader: DerReader, field: string): boolean {
  return booleanOf(reader.take(Tag.boolean, field), field);
}

export function booleanOf(element: DerElement, field: string): boolean {
  const [octet] = element.content;
  if (element.content.length !== 1 || (octet !== 0x00 && octet !== 0xff)) {
    throw malformed(field, 'not a DER BOOLEAN');
  }
  return octet === 0xff;
}

export function readOctets(reader: DerReader, field: string, length?: number): Uint8Array {
  const { content } = reader.take(Tag.octetString, field);
  if (length !== undefined && content.length !== length) {
    throw malformed(field, `${content.length} octets, not ${length}`);
  }
  return content;
}

/** A BIT STRING that is whole octets, as keys and signatures are. */
export function readBits(reader: DerReader, field: string): Uint8Array {
  const { content } = reader.take(Tag.bitString, field);
  if (content[0] !== 0) throw malformed(field, 'unused bits');
  return content.subarray(1);
}

export function readOid(reader: DerReader, field: string): string {
  return oidText(reader.take(Tag.oid, field).content, field);
}

// A truncated or padded arc could be made to collide with an identifier that is trusted (X.690 section 8.19).
function oidText(content: Uint8Array, field: string): string {
  const last = content.at(-1);
  if (last === undefined || last >= 0x80 || content.length > MAX_OID_OCTETS) {
    throw malformed(field, 'not an object identifier');
  }
  let text = '';
  let arc = 0;
  let fresh = true;
  for (const octet of content) {
    if (fresh && octet === 0x80) throw malformed(field, 'object identifier with a padded arc');
    arc = arc * 128 + (octet & 0x7f);
    if (arc > Number.MAX_SAFE_INTEGER)
      throw malformed(field, 'object identifier with an arc above 2^53');
    fresh = octet < 0x80;
    if (!fresh) continue;
    text = text === '' ? firstArcs(arc) : `${text}.${arc}`;
    arc = 0;
  }
  return text;
}

// The first two arcs share one number (X.690 section 8.19.4).
function firstArcs(both: number): string {
  const root = Math.min(2, Math.floor(both / 40));
  return `${root}.${both - root * 40}`;
}

/** Content octets of a Time: two digits each for month, day, hour, minute and second, and Z, behind the year. */
const AFTER_YEAR = 11;
const YEAR_DIGITS: Readonly<Record<number, number>> = {
  [Tag.utcTime]: 2,
  [Tag.generalizedTime]: 4,
};
const ZULU = 0x5a;

/** A Time of RFC 5280 section 4.1.2.5: UTCTime (1950 to 2049) or GeneralizedTime, to the second, in Z. */
export function readTime(reader: DerReader, field: string): Date {
  const { tag, content } = reader.next(field);
  const yearDigits = YEAR_DIGITS[tag];
  if (
    yearDigits === undefined ||
    content.length !== yearDigits + AFTER_YEAR ||
    content.at(-1) !== ZULU
  )
    throw malformed(field, 'not a time');
  const pair = (index: number): number => digits(content, yearDigits + 2 * index, 2, field);
  const year = digits(content, 0, yearDigits, field);
  const [month, day, hour, minute, second] = [pair(0), pair(1), pair(2), pair(3), pair(4)];
  const fullYear = tag === Tag.utcTime ? year + (year < 50 ? 2000 : 1900) : year;
  const at = new Date(0);
  at.setUTCFullYear(fullYear, month - 1, day);
  at.setUTCHours(hour, minute, second);
  // A day or hour that rolled over was never a date.
  const exact =
    at.getUTCMonth() === month - 1 && at.getUTCDate() === day && at.getUTCHours() === hour;
  if (!exact || minute > 59 || second > 59) throw malformed(field, 'not a date');
  return at;
}

function digits(content: Uint8Array, from: number, count: number, field: string): number {
  let value = 0;
  for (let at = from; at < from + count; at++) {
    const digit = (content[at] ?? 0) - 0x30;
    if (digit < 0 || digit > 9) throw malformed(field, 'not a time');
    value = value * 10 + digit;
  }
  return value;
}

function magnitude({ content }: DerElement, field: string): Uint8Array {
  const [first, second] = content;
  if (first === undefined) throw malformed(field, 'empty integer');
  if (first >= 0x80) throw malformed(field, 'negative integer');
  if (first !== 0 || second === undefined) return content;
  if (second < 0x80) throw malformed(field, 'integer is not minimal');
  return content.subarray(1);
}
