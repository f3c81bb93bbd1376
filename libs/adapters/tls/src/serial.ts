import { systemRandom } from '@touchstone/runtime';

const SERIAL_BYTES = 16;

/** A random serial number: top bit clear, so that DER adds no octet, and the next one set, so that it is never zero. */
export function newSerial(): Uint8Array {
  const serial = systemRandom.bytes(SERIAL_BYTES);
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x40;
  return serial;
}
