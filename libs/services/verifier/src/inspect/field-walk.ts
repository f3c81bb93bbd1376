import { toHex } from '@touchstone/bytes';
import type { InspectedField, InspectedSection } from './inspection';

/** The bytes end before a field does. */
export class CutShort extends Error {}

/** Reads little-endian fields one after the other and keeps where each stood: every byte belongs to exactly one field. */
export class FieldWalk {
  readonly sections: { title: string; fields: InspectedField[] }[] = [];
  readonly #bytes: Uint8Array;
  #at: number;

  constructor(bytes: Uint8Array, start = 0) {
    this.#bytes = bytes;
    this.#at = start;
  }

  get remaining(): number {
    return this.#bytes.length - this.#at;
  }

  get result(): readonly InspectedSection[] {
    return this.sections.filter(({ fields }) => fields.length > 0);
  }

  section(title: string): void {
    this.sections.push({ title, fields: [] });
  }

  u16(name: string, meaning?: (value: number) => string): number {
    return this.#number(name, 2, meaning);
  }

  u32(name: string, meaning?: (value: number) => string): number {
    return this.#number(name, 4, meaning);
  }

  u64(name: string): bigint {
    const octets = this.#take(name, 8);
    const value = Buffer.from(octets).readBigUInt64LE(0);
    this.#add(name, octets, `${value}`);
    return value;
  }

  hex(name: string, size: number, meaning?: (bytes: Uint8Array) => string): Uint8Array {
    const octets = this.#take(name, size);
    this.#add(name, octets, toHex(octets), meaning?.(octets));
    return octets;
  }

  /** Bytes that are shown by what they mean only. */
  opaque(name: string, size: number, value: (bytes: Uint8Array) => string): Uint8Array {
    const octets = this.#take(name, size);
    this.#add(name, octets, value(octets));
    return octets;
  }

  /** Whatever is left, after reading had to stop. */
  rest(name: string): void {
    if (this.remaining > 0) this.hex(name, this.remaining);
  }

  #number(name: string, size: 2 | 4, meaning?: (value: number) => string): number {
    const octets = this.#take(name, size);
    const value = Buffer.from(octets).readUIntLE(0, size);
    this.#add(name, octets, `${value}`, meaning?.(value));
    return value;
  }

  #take(name: string, size: number): Uint8Array {
    if (size > this.remaining) {
      throw new CutShort(`${name} takes ${size} bytes at ${this.#at}, ${this.remaining} are left`);
    }
    return this.#bytes.subarray(this.#at, this.#at + size);
  }

  #add(name: string, octets: Uint8Array, value: string, meaning?: string): void {
    const offset = this.#at;
    this.#at += octets.length;
    if (this.sections.length === 0) this.section('');
    this.sections.at(-1)?.fields.push({
      name,
      value,
      ...(meaning === undefined || meaning === '' ? {} : { meaning }),
      offset,
      size: octets.length,
    });
  }
}
