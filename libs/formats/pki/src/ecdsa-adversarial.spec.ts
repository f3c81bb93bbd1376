// Cases of the kind that Wycheproof collects, made here: signatures whose numbers lie where implementations go wrong, every
// spelling that is not the one, and keys that are no points of the curve. Each key of a made signature is solved for, so
// that the equation holds exactly where the name says.
import { sign } from 'node:crypto';
import { p256 } from '@noble/curves/nist.js';
import { concat, fromHex, fromUtf8, sha256, toHex } from '@touchstone/bytes';
import { failureOf, signerNamed } from './__fixtures__/issued';
import { Tag } from './der-reader';
import { derElement, derSequence } from './der-writer';
import { ecSignerFromScalar } from './ec-signer';
import { p256PublicKey } from './public-key';
import { verifyEcdsaP256 } from './verify-signature';

const { Point } = p256;
const { p, n, b } = Point.CURVE();
const data = fromUtf8('what is signed');
const digest = BigInt(`0x${toHex(sha256(data))}`);
const mod = (value: bigint, modulus: bigint): bigint => ((value % modulus) + modulus) % modulus;

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let [result, square] = [1n, mod(base, modulus)];
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % modulus;
    square = (square * square) % modulus;
  }
  return result;
}

const inverse = (value: bigint): bigint => power(value, n - 2n, n);
const octets = (value: bigint, length = 32): Uint8Array =>
  fromHex(value.toString(16).padStart(length * 2, '0'));
const raw = (r: bigint, s: bigint): Uint8Array => concat(octets(r), octets(s));

/** y of the point with that x, if there is one: p is 3 modulo 4. */
function yOf(x: bigint): bigint | undefined {
  const square = mod(x ** 3n - 3n * x + b, p);
  const y = power(square, (p + 1n) / 4n, p);
  return (y * y) % p === square ? y : undefined;
}

/** The first x from `start` on, going up by `step`, that has a point. */
function xFrom(start: bigint, step: 1n | -1n): bigint {
  let x = start;
  while (yOf(x) === undefined) x += step;
  return x;
}

/** The key under which r, taken from the point with this x, and s are a signature over the data. */
function solvedKey(x: bigint, r: bigint, s: bigint) {
  const point = Point.fromAffine({ x, y: yOf(x) ?? 0n });
  const key = point
    .multiplyUnsafe(mod(s, n))
    .subtract(Point.BASE.multiplyUnsafe(mod(digest, n)))
    .multiplyUnsafe(inverse(r));
  return p256PublicKey(key.toBytes(false));
}

const largeX = xFrom(p - 1n, -1n);
const smallX = xFrom(1n, 1n);
const someX = Point.BASE.multiply(7n).toAffine().x;

const MADE: readonly (readonly [string, bigint, bigint])[] = [
  ['an s of 1', someX, 1n],
  ['an s of 2', someX, 2n],
  ['an s of n - 1', someX, n - 1n],
  ['an s of half the order', someX, n >> 1n],
  ['an r of few bits', smallX, 3n],
  ['r and s of few bits', smallX, 1n],
  ['a point beyond the order', largeX, n - 3n],
  ['a point beyond the order and an s of 1', largeX, 1n],
];

describe.each(MADE)('a sound signature with %s', (_name, x, s) => {
  const r = mod(x, n);
  const key = solvedKey(x, r, s);

  it('is accepted in both spellings', () => {
    const der = derSequence(integer(r), integer(s));
    expect(verifyEcdsaP256(key, data, raw(r, s), 'ieee-p1363')).toBe(true);
    expect(verifyEcdsaP256(key, data, der, 'der')).toBe(true);
  });

  it('is not accepted over other data', () => {
    expect(verifyEcdsaP256(key, fromUtf8('other'), raw(r, s), 'ieee-p1363')).toBe(false);
  });

  it('is not accepted with r or s a multiple of the order further', () => {
    for (const [otherR, otherS] of [
      [r + n, s],
      [r, s + n],
      [r - n, s],
      [r, s - n],
      [-r, s],
      [r, -s],
    ] as const) {
      expect(verifyEcdsaP256(key, data, derSequence(integer(otherR), integer(otherS)), 'der')).toBe(
        false,
      );
    }
  });
});

describe('a signature whose equation must not be believed', () => {
  it('is refused where r is the coordinate and not its remainder', () => {
    const key = solvedKey(largeX, mod(largeX, n), 5n);
    expect(verifyEcdsaP256(key, data, raw(largeX, 5n), 'ieee-p1363')).toBe(false);
    expect(verifyEcdsaP256(key, data, derSequence(integer(largeX), integer(5n)), 'der')).toBe(
      false,
    );
  });

  it('is refused where it leads to the point at infinity', () => {
    const r = 12_345n;
    const scalar = mod(-digest * inverse(r), n);
    const key = p256PublicKey(ecSignerFromScalar(octets(scalar)).publicKeyBytes);
    for (const s of [1n, 2n, n - 1n]) {
      expect(verifyEcdsaP256(key, data, raw(r, s), 'ieee-p1363')).toBe(false);
    }
  });

  it('is refused for every small r and s and their distance from the order', () => {
    const key = p256PublicKey(signerNamed('small').publicKeyBytes);
    const edges = [0n, 1n, 2n, 3n, n - 2n, n - 1n, n, n + 1n, p - 1n, p, 2n ** 256n - 1n];
    const accepted = edges.flatMap((r) =>
      edges.filter((s) => verifyEcdsaP256(key, data, raw(r, s), 'ieee-p1363')),
    );
    expect(accepted).toEqual([]);
  });

  it('is refused when it was made over another hash', () => {
    const signer = signerNamed('hash');
    const privateKey = {
      key: Buffer.from(signer.toPkcs8()),
      format: 'der',
      type: 'pkcs8',
    } as const;
    const key = p256PublicKey(signer.publicKeyBytes);
    for (const hash of ['sha1', 'sha384', 'sha512', 'sha3-256']) {
      expect(verifyEcdsaP256(key, data, sign(hash, data, privateKey), 'der')).toBe(false);
    }
    expect(verifyEcdsaP256(key, data, sign('sha256', data, privateKey), 'der')).toBe(true);
  });
});

describe('keys at the ends of the range', () => {
  it.each([
    ['1, the generator itself', 1n],
    ['2', 2n],
    ['n - 1, the generator mirrored', n - 1n],
  ])('verify what a scalar of %s signs', (_name, scalar) => {
    const signer = ecSignerFromScalar(octets(scalar));
    const key = p256PublicKey(signer.publicKeyBytes);
    expect(verifyEcdsaP256(key, data, signer.signRaw(data), 'ieee-p1363')).toBe(true);
    expect(verifyEcdsaP256(key, data, raw(1n, 1n), 'ieee-p1363')).toBe(false);
  });

  it('the mirrored s is the same signature, as ECDSA has it', () => {
    const signer = signerNamed('mirrored');
    const signature = signer.signRaw(data);
    const s = BigInt(`0x${toHex(signature.slice(32))}`);
    const mirrored = concat(signature.slice(0, 32), octets(n - s));
    const key = p256PublicKey(signer.publicKeyBytes);
    expect(verifyEcdsaP256(key, data, mirrored, 'ieee-p1363')).toBe(true);
  });
});

/** A DER INTEGER in two's complement. */
function integer(value: bigint): Uint8Array {
  let length = 1;
  while (value >= 1n << BigInt(8 * length - 1) || value < -(1n << BigInt(8 * length - 1))) length++;
  return derElement(Tag.integer, octets(BigInt.asUintN(8 * length, value), length));
}

describe('DER that is not the one spelling', () => {
  const signer = signerNamed('spelling');
  const key = p256PublicKey(signer.publicKeyBytes);
  // Half of all numbers need a leading zero octet; these both do, so that it can be left out.
  const message = Array.from({ length: 64 }, (_, i) => fromUtf8(`message ${i}`)).find((each) => {
    const signature = signer.signRaw(each);
    return (signature[0] ?? 0) >= 0x80 && (signature[32] ?? 0) >= 0x80;
  }) as Uint8Array;
  const compact = signer.signRaw(message);
  const [r, s] = [compact.slice(0, 32), compact.slice(32)];
  const der = signer.sign(message);
  const zero = Uint8Array.of(0);
  const R = derElement(Tag.integer, zero, r);
  const S = derElement(Tag.integer, zero, s);
  const accepts = (bytes: Uint8Array): boolean => verifyEcdsaP256(key, message, bytes, 'der');
  const hex = (text: string): Uint8Array => fromHex(text.replaceAll(' ', ''));

  it('is told from the one that is', () => {
    expect(accepts(der)).toBe(true);
    expect(toHex(derSequence(R, S))).toBe(toHex(der));
  });

  const body = concat(R, S);
  const long = (tag: number, length: string, content: Uint8Array): Uint8Array =>
    concat(Uint8Array.of(tag), hex(length), content);
  it.each([
    ['r without the zero that its high bit needs', derSequence(derElement(Tag.integer, r), S)],
    ['s without the zero that its high bit needs', derSequence(R, derElement(Tag.integer, s))],
    ['r of no octets', derSequence(derElement(Tag.integer), S)],
    ['s of no octets', derSequence(R, derElement(Tag.integer))],
    ['r alone', derSequence(R)],
    ['nothing inside', derSequence()],
    ['r twice', derSequence(R, R, S)],
    ['a zero octet behind r', derSequence(derElement(Tag.integer, zero, r, zero), S)],
    ['a zero octet behind s', derSequence(R, derElement(Tag.integer, zero, s, zero))],
    ['NULL behind s', derSequence(R, S, hex('0500'))],
    ['NULL in front', derSequence(hex('0500'), R, S)],
    ['NULL instead of r', derSequence(hex('0500'), S)],
    ['TRUE instead of s', derSequence(R, hex('0101ff'))],
    ['an OCTET STRING instead of r', derSequence(derElement(Tag.octetString, zero, r), S)],
    ['a BIT STRING instead of r', derSequence(derElement(Tag.bitString, zero, r), S)],
    ['an ENUMERATED instead of s', derSequence(R, derElement(Tag.enumerated, zero, s))],
    ['a REAL of infinity instead of r', derSequence(hex('090140'), S)],
    ['a sequence in a sequence', derSequence(derSequence(R, S))],
    ['r in a sequence of its own', derSequence(derSequence(R), S)],
    ['a context tag around s', derSequence(R, derElement(0xa0, S))],
    ['a length of two octets', long(0x30, '82 00 46', body)],
    ['a length of four octets', long(0x30, '84 00 00 00 46', body)],
    ['a length of nine octets', long(0x30, '89 01 00 00 00 00 00 00 00 46', body)],
    ['a length of 2^32 too many', long(0x30, '85 01 00 00 00 46', body)],
    ['a length without end', long(0x30, 'ff', body)],
    ['a length of 2^31 - 1', long(0x30, '84 7f ff ff ff', body)],
    ['a length of 2^64 - 1', long(0x30, '88 ff ff ff ff ff ff ff ff', body)],
    ['one octet too few in the length', long(0x30, '45', body)],
    ['one octet too many in the length', long(0x30, '47', body)],
    ['a long length of r', derSequence(long(0x02, '81 21', concat(zero, r)), S)],
    ['the indefinite form of r', derSequence(long(0x22, '80', concat(R, hex('0000'))), S)],
    ['the indefinite form with garbage', long(0x30, '80', concat(body, hex('0000 0500')))],
    ['a tag of two octets', concat(hex('3f 10 46'), body)],
    ['an end marker behind', concat(der, hex('0000'))],
    ['a second signature behind', concat(der, der)],
  ])('is refused: %s', (_name, bytes) => {
    expect(accepts(bytes)).toBe(false);
  });

  it('is refused cut at every octet', () => {
    const cut = Array.from(der, (_, length) => der.slice(0, length)).filter(accepts);
    expect(cut).toEqual([]);
  });

  it('is refused with any octet left out, doubled, or any bit changed', () => {
    const changed = Array.from(der, (octet, at) => [
      concat(der.slice(0, at), der.slice(at + 1)),
      concat(der.slice(0, at), zero, der.slice(at)),
      concat(der.slice(0, at + 1), Uint8Array.of(octet), der.slice(at + 1)),
      ...Array.from({ length: 8 }, (_, bit) =>
        concat(der.slice(0, at), Uint8Array.of(octet ^ (1 << bit)), der.slice(at + 1)),
      ),
    ]).flat();
    const same = toHex(der);
    expect(changed.filter((bytes) => toHex(bytes) !== same && accepts(bytes))).toEqual([]);
  });
});

describe('keys that are no point of the curve', () => {
  const onlyIfOnCurve = (x: bigint, y: bigint): string | undefined =>
    failureOf(() => p256PublicKey(concat(octets(x), octets(y))));
  const small = { x: smallX, y: yOf(smallX) ?? 0n };

  it('a point with an x of zero is one', () => {
    expect(onlyIfOnCurve(0n, yOf(0n) ?? 0n)).toBeUndefined();
  });

  it('a coordinate has one spelling: x plus the prime is refused', () => {
    expect(onlyIfOnCurve(small.x, small.y)).toBeUndefined();
    expect(small.x + p < 2n ** 256n).toBe(true);
    expect(onlyIfOnCurve(small.x + p, small.y)).toBe('PKI_KEY_NOT_ON_CURVE');
  });

  it.each([
    ['x and y swapped', small.y, small.x],
    ['x zero and y zero', 0n, 0n],
    ['x zero and y one', 0n, 1n],
    ['x one less', small.x - 1n, small.y],
    ['y one more', small.x, small.y + 1n],
    ['x the prime', p, yOf(0n) ?? 0n],
    ['y the prime', small.x, p],
    [
      'the generator of secp256k1',
      0x79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798n,
      0x483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8n,
    ],
    ['a point of the twist', twistX(), 1n],
  ])('%s is refused', (_name, x, y) => {
    expect(onlyIfOnCurve(x, y)).toBe('PKI_KEY_NOT_ON_CURVE');
  });
});

/** An x for which the curve has no point. */
function twistX(): bigint {
  let x = 2n;
  while (yOf(x) !== undefined) x++;
  return x;
}
