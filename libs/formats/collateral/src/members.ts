import { fromHex } from '@touchstone/bytes';
import { CollateralError, type CollateralErrorCode } from './collateral-error';
import { type Json, JsonObject } from './json-reader';

// Exactly to the second and in Z, as Intel's library demands.
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

/** Typed access to the members of one JSON object; whatever does not fit fails with `code` and the member's path. */
export class Members {
  readonly #object: JsonObject;
  readonly #path: string;
  readonly #code: CollateralErrorCode;

  constructor(value: Json | undefined, path: string, code: CollateralErrorCode) {
    if (!(value instanceof JsonObject))
      throw new CollateralError(code, `${path} is no object`, { field: path });
    this.#object = value;
    this.#path = path;
    this.#code = code;
  }

  get range(): { readonly start: number; readonly end: number } {
    return this.#object;
  }

  /** Number of members. */
  get size(): number {
    return this.#object.members.size;
  }

  has(name: string): boolean {
    return this.#object.members.has(name);
  }

  object(name: string): Members {
    return new Members(this.#object.members.get(name), this.#at(name), this.#code);
  }

  /** The elements of an array, each as an object. */
  objects(name: string, limits: { readonly min: number; readonly max: number }): Members[] {
    const list = this.#object.members.get(name);
    if (!Array.isArray(list)) throw this.malformed(name, 'no array');
    if (list.length < limits.min || list.length > limits.max)
      throw this.malformed(name, 'element count');
    return list.map(
      (item: Json, index) => new Members(item, `${this.#at(name)}[${index}]`, this.#code),
    );
  }

  integer(name: string, min: number, max: number): number {
    const value = this.#object.members.get(name);
    if (typeof value !== 'number' || value < min || value > max) {
      throw this.malformed(name, `no integer of ${min} to ${max}`);
    }
    return value;
  }

  string(name: string): string {
    const value = this.#object.members.get(name);
    if (typeof value !== 'string') throw this.malformed(name, 'no string');
    return value;
  }

  optionalString(name: string): string | undefined {
    return this.has(name) ? this.string(name) : undefined;
  }

  oneOf<Value extends string>(name: string, values: readonly Value[]): Value {
    const text = this.string(name);
    const value = values.find((candidate) => candidate === text);
    if (value === undefined) throw this.malformed(name, `none of ${values.join(', ')}`);
    return value;
  }

  /** Absent means none. */
  strings(name: string, max: number, maxLength: number): readonly string[] {
    const list = this.has(name) ? this.#object.members.get(name) : [];
    if (!Array.isArray(list) || list.length > max)
      throw this.malformed(name, `no array of at most ${max}`);
    return list.map((item: Json) => {
      if (typeof item !== 'string' || item.length > maxLength)
        throw this.malformed(name, 'no short string');
      return item;
    });
  }

  /** Hex of either case, exactly `length` bytes. */
  hex(name: string, length: number): Uint8Array {
    const text = this.string(name);
    if (!/^[0-9a-fA-F]*$/.test(text) || text.length !== 2 * length) {
      throw this.malformed(name, `not ${length} bytes of hex`);
    }
    return fromHex(text, name);
  }

  time(name: string): Date {
    const text = this.string(name);
    const at = TIME.test(text) ? new Date(text) : undefined;
    // A day that does not exist comes back as another day, or as no day at all.
    const exact =
      at && !Number.isNaN(at.getTime()) && at.toISOString() === text.replace('Z', '.000Z');
    if (!exact) throw this.malformed(name, 'no time of the form YYYY-MM-DDThh:mm:ssZ');
    return at;
  }

  malformed(name: string, why: string): CollateralError {
    return new CollateralError(this.#code, `${this.#at(name)}: ${why}`, { field: this.#at(name) });
  }

  #at(name: string): string {
    return this.#path === '' ? name : `${this.#path}.${name}`;
  }
}
