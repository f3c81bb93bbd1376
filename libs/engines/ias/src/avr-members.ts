import { fromBase64Lenient } from '@touchstone/bytes';
import type { JsonObject } from '@touchstone/claims';
import { hasCode } from '@touchstone/errors';
import { IasError } from './ias-error';

/** Advisories of one report, at most. */
export const MAX_AVR_ADVISORIES = 128;

// UTC without saying so, with up to microseconds.
const TIMESTAMP = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?Z?$/;

/** Typed access to the members of a report; whatever does not fit is AVR_MALFORMED with the member's name. */
export class AvrMembers {
  readonly #object: JsonObject;

  constructor(object: JsonObject) {
    this.#object = object;
  }

  has(name: string): boolean {
    return Object.hasOwn(this.#object, name);
  }

  string(name: string): string {
    const value = this.#get(name);
    if (typeof value !== 'string') throw malformed(name, 'is no string');
    return value;
  }

  optionalString(name: string): string | undefined {
    return this.has(name) ? this.string(name) : undefined;
  }

  integer(name: string): number {
    const value = this.#get(name);
    if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) {
      throw malformed(name, 'is no whole number');
    }
    return value;
  }

  oneOf<Value extends string>(name: string, values: readonly Value[]): Value {
    const text = this.string(name);
    const value = values.find((candidate) => candidate === text);
    if (value === undefined) throw malformed(name, 'has a value that is not known');
    return value;
  }

  base64(name: string): Uint8Array {
    try {
      return fromBase64Lenient(this.string(name), name);
    } catch (cause) {
      if (!hasCode(cause, 'BYTES_INVALID_BASE64')) throw cause;
      throw malformed(name, 'is not base64', cause);
    }
  }

  /** Absent means none. */
  strings(name: string): readonly string[] {
    const value = this.has(name) ? this.#get(name) : [];
    if (!Array.isArray(value) || value.length > MAX_AVR_ADVISORIES) {
      throw malformed(name, `is no list of at most ${MAX_AVR_ADVISORIES}`);
    }
    return value.map((item: unknown) => {
      if (typeof item !== 'string') throw malformed(name, 'holds something that is no string');
      return item;
    });
  }

  time(name: string): Date {
    const found = TIMESTAMP.exec(this.string(name));
    const at = new Date(`${found?.[1] ?? ''}.${(found?.[2] ?? '').padEnd(3, '0').slice(0, 3)}Z`);
    // A day that does not exist comes back as another day, or as no day at all.
    if (Number.isNaN(at.getTime()) || !at.toISOString().startsWith(found?.[1] ?? ' ')) {
      throw malformed(name, 'is no time');
    }
    return at;
  }

  #get(name: string): unknown {
    return this.has(name) ? this.#object[name] : undefined;
  }
}

const malformed = (field: string, why: string, cause?: unknown): IasError =>
  new IasError('AVR_MALFORMED', `${field} ${why}`, { field, cause });
