import { BytesError } from './bytes-error';

const INITIAL_CAPACITY = 512;

/** The counterpart of `ByteReader`: appends fields in order; a value that does not fit its field is refused. */
export class ByteWriter {
  #buffer = new Uint8Array(INITIAL_CAPACITY);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  u8(field: string, value: number): this {
    this.#view(field, 1, value, 0xff).setUint8(0, value);
    return this;
  }

  u16le(field: string, value: number): this {
    this.#view(field, 2, value, 0xffff).setUint16(0, value, true);
    return this;
  }

  u32le(field: string, value: number): this {
    this.#view(field, 4, value, 0xffff_ffff).setUint32(0, value, true);
    return this;
  }

  u64le(field: string, value: bigint): this {
    if (value < 0n || value > 0xffff_ffff_ffff_ffffn) throw outOfRange(field);
    this.#grow(8).setBigUint64(0, value, true);
    return this;
  }

  u16be(field: string, value: number): this {
    this.#view(field, 2, value, 0xffff).setUint16(0, value, false);
    return this;
  }

  u32be(field: string, value: number): this {
    this.#view(field, 4, value, 0xffff_ffff).setUint32(0, value, false);
    return this;
  }

  /** Appends bytes; with `length`, exactly that many are demanded. */
  bytes(field: string, bytes: Uint8Array, length = bytes.length): this {
    if (bytes.length !== length) {
      throw new BytesError(
        'BYTES_OUT_OF_RANGE',
        `${field} is ${bytes.length} bytes, not ${length}`,
        {
          field,
        },
      );
    }
    this.#grow(length);
    this.#buffer.set(bytes, this.#length - length);
    return this;
  }

  zeros(length: number): this {
    this.#grow(length);
    return this;
  }

  /** A copy of everything written. */
  finish(): Uint8Array {
    return this.#buffer.slice(0, this.#length);
  }

  #view(field: string, size: number, value: number, max: number): DataView {
    if (!Number.isInteger(value) || value < 0 || value > max) throw outOfRange(field);
    return this.#grow(size);
  }

  #grow(size: number): DataView {
    const start = this.#length;
    const needed = start + size;
    if (needed > this.#buffer.length) {
      const larger = new Uint8Array(Math.max(needed, this.#buffer.length * 2));
      larger.set(this.#buffer.subarray(0, start));
      this.#buffer = larger;
    }
    this.#length = needed;
    return new DataView(this.#buffer.buffer, start, size);
  }
}

function outOfRange(field: string): BytesError {
  return new BytesError('BYTES_OUT_OF_RANGE', `${field} does not fit its field`, { field });
}
