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

/** One DER element. Both members are views on the bytes that were read, not copies. */
export interface DerElement {
  readonly tag: number;
  /** Identifier, length and content. */
  readonly bytes: Uint8Array;
  readonly content: Uint8Array;
}

export const malformed = (field: string, why: string): PkiError =>
  new PkiError('PKI_DER_MALFORMED', `${field}: ${why}`, { field });

/**
 * A bounded cursor over consecutive DER elements (X.690 section 10): definite minimal lengths, one identifier octet.
 * Every read names its field; whatever is not DER fails with `PKI_DER_MALFORMED` and that name.
 */
export class DerReader {
  readonly #bytes: Uint8Array;
  #offset = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get done(): boolean {
    return this.#offset === this.#bytes.length;
  }

  /** The next element, whatever it is. */
  next(field: string): DerElement {
    const start = this.#offset;
    const tag = this.#octet(start, field);
    if ((tag & HIGH_TAG_NUMBER) === HIGH_TAG_NUMBER) throw malformed(field, 'tag number above 30');
    const { length, contentStart } = this.#length(start + 1, field);
    const end = contentStart + length;
    if (end > this.#bytes.length) throw malformed(field, 'length runs past the end');
    this.#offset = end;
    return {
      tag,
      bytes: this.#bytes.subarray(start, end),
      content: this.#bytes.subarray(contentStart, end),
    };
  }

  /** The next element, which must have this tag. */
  take(tag: number, field: string): DerElement {
    const element = this.next(field);
    if (element.tag !== tag) throw malformed(field, `tag ${element.tag}, not ${tag}`);
    return element;
  }

  /** The next element when it has this tag; otherwise nothing is read. */
  optional(tag: number, field: string): DerElement | undefined {
    return this.#bytes[this.#offset] === tag ? this.next(field) : undefined;
  }

  /** A reader of the children of the next element, which must have this tag. */
  enter(tag: number, field: string): DerReader {
    return new DerReader(this.take(tag, field).content);
  }

  end(field: string): void {
    if (!this.done) throw malformed(field, 'trailing data');
  }

  #octet(offset: number, field: string): number {
    const octet = this.#bytes[offset];
    if (octet === undefined) throw malformed(field, 'truncated');
    return octet;
  }

  #length(offset: number, field: string): { length: number; contentStart: number } {
    const first = this.#octet(offset, field);
    if (first < 0x80) return { length: first, contentStart: offset + 1 };
    const octets = first & 0x7f;
    // 0x80 is the indefinite form; four octets are more than any document of ours may have.
    if (octets === 0 || octets > 4) throw malformed(field, 'length form is not DER');
    let length = 0;
    for (let i = 1; i <= octets; i++) length = length * 256 + this.#octet(offset + i, field);
    const minimal = length >= 0x80 && length >= 2 ** (8 * (octets - 1));
    if (!minimal) throw malformed(field, 'length is not minimal');
    return { length, contentStart: offset + 1 + octets };
  }
}

/** Checks that `bytes` are exactly one DER element whose constructed parts are DER to the bottom. */
export function assertDer(bytes: Uint8Array, field: string): void {
  const reader = new DerReader(bytes);
  const root = reader.next(field);
  reader.end(field);
  assertChildren(root, field, 1);
}

function assertChildren(element: DerElement, field: string, depth: number): void {
  if ((element.tag & CONSTRUCTED) === 0) return;
  if (depth > MAX_DER_DEPTH) {
    throw new PkiError('PKI_LIMIT_EXCEEDED', `${field} nests deeper than ${MAX_DER_DEPTH}`, {
      field,
    });
  }
  const reader = new DerReader(element.content);
  while (!reader.done) assertChildren(reader.next(field), field, depth + 1);
}
