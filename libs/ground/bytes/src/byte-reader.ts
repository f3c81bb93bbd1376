import { BytesError } from './bytes-error';

/**
 * A bounded cursor over bytes. Every read names its field, and a read past the end fails with that name before anything
 * is sliced. `bytes()` and `rest()` return copies, `view()` does not; integers state their byte order in the method name.
 */
export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #offset = 0;

  constructor(bytes: Uint8Array) {
    // A view of our own: `slice` of a Buffer would share memory instead of copying.
    this.#bytes = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Bytes read so far. */
  get offset(): number {
    return this.#offset;
  }

  /** Bytes left. */
  get remaining(): number {
    return this.#bytes.length - this.#offset;
  }

  u8(field: string): number {
    return this.#view.getUint8(this.#take(field, 1));
  }

  u16le(field: string): number {
    return this.#view.getUint16(this.#take(field, 2), true);
  }

  u32le(field: string): number {
    return this.#view.getUint32(this.#take(field, 4), true);
  }

  u64le(field: string): bigint {
    return this.#view.getBigUint64(this.#take(field, 8), true);
  }

  u16be(field: string): number {
    return this.#view.getUint16(this.#take(field, 2), false);
  }

  u32be(field: string): number {
    return this.#view.getUint32(this.#take(field, 4), false);
  }

  /** A copy of the next `length` bytes. */
  bytes(field: string, length: number): Uint8Array {
    const start = this.#take(field, length);
    return this.#bytes.slice(start, start + length);
  }

  /** The next `length` bytes without copying them: for a caller that owns the bytes, or copied them once. */
  view(field: string, length: number): Uint8Array {
    const start = this.#take(field, length);
    return this.#bytes.subarray(start, start + length);
  }

  /** Reads `length` reserved bytes, which must all be zero. */
  zeros(field: string, length: number): void {
    const start = this.#take(field, length);
    for (let i = start; i < start + length; i++) {
      if (this.#bytes[i] !== 0) {
        throw new BytesError('BYTES_RESERVED_NOT_ZERO', `${field} has a byte that is not zero`, {
          field,
        });
      }
    }
  }

  /** A copy of all bytes left. */
  rest(field: string): Uint8Array {
    return this.bytes(field, this.remaining);
  }

  /** The structure ends here: bytes left over are an error, not a curiosity. */
  end(structure: string): void {
    if (this.remaining !== 0) {
      throw new BytesError('BYTES_TRAILING', `${this.remaining} bytes follow ${structure}`, {
        field: structure,
      });
    }
  }

  #take(field: string, length: number): number {
    if (!Number.isInteger(length) || length < 0 || length > this.remaining) {
      throw new BytesError(
        'BYTES_TRUNCATED',
        `${field} needs ${length} bytes at offset ${this.#offset}, ${this.remaining} are left`,
        { field },
      );
    }
    const start = this.#offset;
    this.#offset += length;
    return start;
  }
}
