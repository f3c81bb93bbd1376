import { AsnConvert } from '@peculiar/asn1-schema';
import {
  AttributeTypeAndValue,
  AttributeValue,
  Name,
  RelativeDistinguishedName,
} from '@peculiar/asn1-x509';
import { PkiError } from './pki-error';

/** One RDN of a name to be issued; the order of the parts is the order of the RDNs. Values become UTF8String. */
export interface NamePart {
  readonly type: keyof typeof NAME_TYPES;
  readonly value: string;
}

const NAME_TYPES = {
  CN: '2.5.4.3',
  C: '2.5.4.6',
  L: '2.5.4.7',
  ST: '2.5.4.8',
  O: '2.5.4.10',
  OU: '2.5.4.11',
} as const;

/** A name as parts, or as the DER of a name that exists already, taken over byte for byte. */
export type NameSource = readonly NamePart[] | Uint8Array;

/** The DER of a name. */
export function encodeName(parts: readonly NamePart[]): Uint8Array {
  return new Uint8Array(AsnConvert.serialize(nameOf(parts)));
}

export function nameOf(source: NameSource): Name {
  if (source instanceof Uint8Array) return AsnConvert.parse(source, Name);
  if (source.length === 0)
    throw new PkiError('PKI_ISSUE_INVALID', 'the name is empty', { field: 'name' });
  return new Name(source.map(rdnOf));
}

const rdnOf = ({ type, value }: NamePart): RelativeDistinguishedName =>
  new RelativeDistinguishedName([
    new AttributeTypeAndValue({
      type: NAME_TYPES[type],
      value: new AttributeValue({ utf8String: value }),
    }),
  ]);
