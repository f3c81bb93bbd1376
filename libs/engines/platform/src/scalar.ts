import { ByteWriter, concat, fromUtf8 } from '@touchstone/bytes';
import { aesCmac } from '@touchstone/cmac';

/** Order of the P-256 group (SEC 2, section 2.4.2). */
const P256_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const LABEL_BYTES = 13;
const SEED_BYTES = 40;
const SCALAR_BYTES = 32;

/** One 16-byte block of an architectural enclave's derivation: counter, label padded with zeros, output bits (u16 BE). */
export function architecturalBlock(counter: number, label: string, outputBits: number): Uint8Array {
  const text = fromUtf8(label);
  return new ByteWriter()
    .u8('counter', counter)
    .bytes('label', text)
    .zeros(LABEL_BYTES - text.length)
    .u16be('outputBits', outputBits)
    .finish();
}

/**
 * A P-256 private key from a 16-byte key: CMAC over the blocks with counter 1, 2 and 3, of which the first 320 bits, read
 * big-endian, are reduced as in FIPS 186-4 B.4.1: (c mod (n - 1)) + 1. 32 bytes big-endian.
 */
export function p256ScalarFrom(
  key: Uint8Array,
  block: (counter: number) => Uint8Array,
): Uint8Array {
  const seed = concat(...[1, 2, 3].map((counter) => aesCmac(key, block(counter)))).subarray(
    0,
    SEED_BYTES,
  );
  const c = seed.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n);
  let d = (c % (P256_ORDER - 1n)) + 1n;
  const scalar = new Uint8Array(SCALAR_BYTES);
  for (let i = SCALAR_BYTES - 1; i >= 0; i--, d >>= 8n) scalar[i] = Number(d & 0xffn);
  return scalar;
}
