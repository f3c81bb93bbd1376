import { fromBase64Url, toUtf8 } from '@touchstone/bytes';
import { EnclaveHostError } from './enclave-host-error';

/** A JSON object that an enclave sent; its members are read one by one, each with the type it must have. */
export class EnclaveJson {
  readonly #members: Readonly<Record<string, unknown>>;

  /** @throws EnclaveHostError HOST_ENCLAVE_ANSWER */
  constructor(payload: Uint8Array, maxBytes: number) {
    if (payload.length > maxBytes) throw invalid('payload');
    try {
      const value: unknown = JSON.parse(toUtf8(payload));
      if (typeof value !== 'object' || value === null) throw invalid('payload');
      this.#members = value as Record<string, unknown>;
    } catch {
      throw invalid('payload');
    }
  }

  text(name: string): string {
    const value = this.#members[name];
    if (typeof value !== 'string') throw invalid(name);
    return value;
  }

  optionalText(name: string): string | undefined {
    return this.#members[name] === undefined ? undefined : this.text(name);
  }

  bytes(name: string): Uint8Array {
    try {
      return fromBase64Url(this.text(name), name);
    } catch {
      throw invalid(name);
    }
  }

  /** A finite number, 0 when the member is absent. */
  number(name: string): number {
    const value = this.#members[name] ?? 0;
    if (typeof value !== 'number' || !Number.isFinite(value)) throw invalid(name);
    return value;
  }

  /** A count that fits 32 bits. */
  count(name: string): number {
    const value = this.number(name);
    if (!Number.isInteger(value) || value < 0 || value > 0xffff_ffff) throw invalid(name);
    return value;
  }
}

function invalid(field: string): EnclaveHostError {
  return new EnclaveHostError(
    'HOST_ENCLAVE_ANSWER',
    'the enclave sent something else than it should',
    {
      field,
    },
  );
}
