import { checkPrimeSync, createPrivateKey } from 'node:crypto';
import { fromHex, toBase64Url, toHex } from '@touchstone/bytes';
import type { Random } from '@touchstone/ports';
import { PlatformError } from './platform-error';

/** The only size of key that signs an enclave. */
export const SIGSTRUCT_KEY_BITS = 3072;

const MIN_MODULUS_BITS = 2048;
const MAX_MODULUS_BITS = 4096;
const SIEVE_LIMIT = 4096;
const SMALL_PRIMES = smallPrimes(SIEVE_LIMIT);

/**
 * A new RSA private key (PKCS#8 DER), its primes drawn from `random`: the same seed gives the same key, which the operating
 * system's generator cannot do. `publicExponent` is 3 for keys that sign enclaves, 65537 otherwise.
 */
export function generateRsaKey(
  random: Random,
  options: { readonly modulusBits: number; readonly publicExponent: 3 | 65537 },
): Uint8Array {
  const { modulusBits, publicExponent } = options;
  if (modulusBits < MIN_MODULUS_BITS || modulusBits > MAX_MODULUS_BITS || modulusBits % 16 !== 0) {
    throw new PlatformError('SGX_INVALID_SIGNING_KEY', 'no such modulus size', {
      field: 'modulusBits',
    });
  }
  const e = BigInt(publicExponent);
  const p = drawPrime(random, modulusBits / 2, e);
  let q = drawPrime(random, modulusBits / 2, e);
  while (q === p) q = drawPrime(random, modulusBits / 2, e);
  return toPkcs8(p > q ? p : q, p > q ? q : p, e);
}

function toPkcs8(p: bigint, q: bigint, e: bigint): Uint8Array {
  const phi = (p - 1n) * (q - 1n);
  const d = inverse(e, phi);
  const values = { n: p * q, e, d, p, q, dp: d % (p - 1n), dq: d % (q - 1n), qi: inverse(q, p) };
  const members = Object.entries(values).map(([name, value]) => [
    name,
    toBase64Url(bigEndian(value)),
  ]);
  const key = createPrivateKey({
    key: { kty: 'RSA', ...Object.fromEntries(members) },
    format: 'jwk',
  });
  return new Uint8Array(key.export({ type: 'pkcs8', format: 'der' }));
}

/** A prime with its two top bits set, so that the product of two has full length, and gcd(p - 1, e) = 1. */
function drawPrime(random: Random, bits: number, e: bigint): bigint {
  for (;;) {
    const bytes = random.bytes(bits / 8);
    bytes[0] = (bytes[0] ?? 0) | 0xc0;
    bytes[bytes.length - 1] = (bytes[bytes.length - 1] ?? 0) | 1;
    const found = nextPrime(BigInt(`0x${toHex(bytes)}`), bits, e);
    if (found !== undefined) return found;
  }
}

/** Walks the odd numbers from `start`; multiples of small primes are passed over without a test. */
function nextPrime(start: bigint, bits: number, e: bigint): bigint | undefined {
  const residues = SMALL_PRIMES.map((prime) => Number(start % BigInt(prime)));
  const steps = bits * 8;
  for (let step = 0; step < steps; step++) {
    const composite = SMALL_PRIMES.some(
      (prime, i) => ((residues[i] ?? 0) + 2 * step) % prime === 0,
    );
    if (composite) continue;
    const candidate = start + 2n * BigInt(step);
    if (candidate >> BigInt(bits) !== 0n) return undefined;
    if ((candidate - 1n) % e !== 0n && checkPrimeSync(candidate)) return candidate;
  }
  return undefined;
}

function inverse(value: bigint, modulus: bigint): bigint {
  let [r0, r1, s0, s1] = [modulus, value % modulus, 0n, 1n];
  while (r1 !== 0n) {
    const quotient = r0 / r1;
    [r0, r1] = [r1, r0 - quotient * r1];
    [s0, s1] = [s1, s0 - quotient * s1];
  }
  return ((s0 % modulus) + modulus) % modulus;
}

function bigEndian(value: bigint): Uint8Array {
  const digits = value.toString(16);
  return fromHex(digits.length % 2 === 0 ? digits : `0${digits}`);
}

function smallPrimes(limit: number): number[] {
  const composite = new Uint8Array(limit);
  const primes: number[] = [];
  for (let n = 3; n < limit; n += 2) {
    if (composite[n] === 1) continue;
    primes.push(n);
    for (let multiple = n * n; multiple < limit; multiple += 2 * n) composite[multiple] = 1;
  }
  return primes;
}
