import { PkiError } from './pki-error';

/** Constructed elements inside one another, at most. X.509 needs about ten. */
export const MAX_DER_DEPTH = 24;

/** Octets of one object identifier, at most. */
export const MAX_OID_OCTETS = 64;

/** Identifier octets of the types that certificates are made of (X.690 section 8). */
export const Tag = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  enumerated: 0x0a,
  utf8String: 0x0c,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

/** Context-specific tag `[number]`, constructed (as EXPLICIT tags are) or primitive. */
export const contextTag = (number: number, constructed = true): number =>
  0x80 | (constructed ? 0x20 : 0) | number;

const CONSTRUCTED = 0x20;
const HIGH_TAG_NUMBER = 0x1f;

export const malformed = (field: string, why: string): PkiError =>
  new PkiError('PKI_DER_MALFORMED', `${field}: ${why}`, { field });

/** One DER element. What it gives are views on the bytes that were read, not copies. */
export class DerElement {
  readonly tag: number;
  readonly #source: Uint8Array;
  readonly #start: number;
  readonly #contentStart: number;
  readonly #end: number;

  constructor(source: Uint8Array, start: number, contentStart: number, end: number) {
    this.tag = source[start] ?? 0;
    this.#source = source;
    this.#start = start;
    this.#contentStart = contentStart;
    this.#end = end;
  }

  /** Identifier, length and content. */
  get bytes(): Uint8Array {
    return this.#source.subarray(this.#start, this.#end);
  }

  get content(): Uint8Array {
    return this.#source.subarray(this.#contentStart, this.#end);
  }

  /** A reader of the content. */
  children(): DerReader {
    return new DerReader(this.#source, this.#contentStart, this.#end);
  }
}

/**
 * A bounded cursor over consecutive DER elements (X.690 section 10): definite minimal lengths, one identifier octet.
 * Every read names its field; whatever is not DER fails with `PKI_DER_MALFORMED` and that name.
 */
export class DerReader {
  readonly #bytes: Uint8Array;
  #end: number;
  #offset: number;

  /** Reads what lies between the two offsets. */
  constructor(bytes: Uint8Array, from = 0, to = bytes.length) {
    this.#bytes = bytes;
    this.#offset = from;
    this.#end = to;
  }

  get done(): boolean {
    return this.#offset === this.#end;
  }

  /** The next element, whatever it is. */
  next(field: string): DerElement {
    const start = this.#offset;
    const length = this.#header(field);
    const contentStart = this.#offset;
    this.#offset += length;
    return new DerElement(this.#bytes, start, contentStart, this.#offset);
  }

  /** The next element, which must have this tag. */
  take(tag: number, field: string): DerElement {
    const element = this.next(field);
    if (element.tag !== tag) throw malformed(field, `tag ${element.tag}, not ${tag}`);
    return element;
  }

  /** The next element when it has this tag; otherwise nothing is read. */
  optional(tag: number, field: string): DerElement | undefined {
    return !this.done && this.#bytes[this.#offset] === tag ? this.next(field) : undefined;
  }

  /** A reader of the children of the next element, which must have this tag. */
  enter(tag: number, field: string): DerReader {
    return this.take(tag, field).children();
  }

  end(field: string): void {
    if (!this.done) throw malformed(field, 'trailing data');
  }

  /** Passes over the next element, which must be DER to the bottom. `depth` is how deep it stands. */
  skip(field: string, depth = 1): void {
    const tag = this.#bytes[this.#offset] ?? 0;
    const contentEnd = this.#header(field) + this.#offset;
    if ((tag & CONSTRUCTED) !== 0) this.#skipChildren(contentEnd, field, depth);
    this.#offset = contentEnd;
  }

  #skipChildren(contentEnd: number, field: string, depth: number): void {
    if (depth > MAX_DER_DEPTH) {
      throw new PkiError('PKI_LIMIT_EXCEEDED', `${field} nests deeper than ${MAX_DER_DEPTH}`, {
        field,
      });
    }
    const end = this.#end;
    this.#end = contentEnd;
    while (!this.done) this.skip(field, depth + 1);
    this.#end = end;
  }

  /** Passes over identifier and length; answers the length, which fits into what is left. */
  #header(field: string): number {
    if ((this.#octet(field) & HIGH_TAG_NUMBER) === HIGH_TAG_NUMBER) {
      throw malformed(field, 'tag number above 30');
    }
    const first = this.#octet(field);
    const length = first < 0x80 ? first : this.#longLength(first & 0x7f, field);
    if (length > this.#end - this.#offset) throw malformed(field, 'length runs past the end');
    return length;
  }

  #longLength(octets: number, field: string): number {
    // 0x80 is the indefinite form; four octets are more than any document of ours may have.
    if (octets === 0 || octets > 4) throw malformed(field, 'length form is not DER');
    let length = 0;
    for (let i = 0; i < octets; i++) length = length * 256 + this.#octet(field);
    const minimal = length >= 0x80 && length >= 2 ** (8 * (octets - 1));
    if (!minimal) throw malformed(field, 'length is not minimal');
    return length;
  }

  #octet(field: string): number {
    const octet = this.#offset < this.#end ? this.#bytes[this.#offset] : undefined;
    if (octet === undefined) throw malformed(field, 'truncated');
    this.#offset++;
    return octet;
  }
}

/** Checks that `bytes` are exactly one DER element whose constructed parts are DER to the bottom. */
export function assertDer(bytes: Uint8Array, field: string): void {
  const reader = new DerReader(bytes);
  reader.skip(field);
  reader.end(field);
}
