import { concat } from '@touchstone/bytes';
import { Tag } from './der-reader';

/** One DER element with a definite, minimal length. */
export function derElement(tag: number, ...content: readonly Uint8Array[]): Uint8Array {
  const body = concat(...content);
  return concat(Uint8Array.of(tag), derLength(body.length), body);
}

export const derSequence = (...parts: readonly Uint8Array[]): Uint8Array =>
  derElement(Tag.sequence, ...parts);

export const derOctets = (bytes: Uint8Array): Uint8Array => derElement(Tag.octetString, bytes);

export const derBoolean = (value: boolean): Uint8Array =>
  derElement(Tag.boolean, Uint8Array.of(value ? 0xff : 0));

/** A non-negative INTEGER or, with that tag, ENUMERATED. */
export function derInteger(value: number, tag: number = Tag.integer): Uint8Array {
  const octets: number[] = [];
  for (let rest = value; rest > 0 || octets.length === 0; rest = Math.floor(rest / 256)) {
    octets.unshift(rest % 256);
  }
  if ((octets[0] ?? 0) >= 0x80) octets.unshift(0);
  return derElement(tag, Uint8Array.from(octets));
}

/** An object identifier in dotted text; its arcs must be below 2^53. */
export function derOid(text: string): Uint8Array {
  const [root = 0, second = 0, ...rest] = text.split('.').map(Number);
  return derElement(Tag.oid, ...[root * 40 + second, ...rest].map(arcOctets));
}

function arcOctets(arc: number): Uint8Array {
  const octets = [arc % 128];
  for (let rest = Math.floor(arc / 128); rest > 0; rest = Math.floor(rest / 128)) {
    octets.unshift((rest % 128) + 128);
  }
  return Uint8Array.from(octets);
}

function derLength(length: number): Uint8Array {
  if (length < 0x80) return Uint8Array.of(length);
  const octets: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256);
  return Uint8Array.of(0x80 | octets.length, ...octets);
}
