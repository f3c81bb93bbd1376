import { type KeyObject, createPublicKey } from 'node:crypto';
import { concat, toBase64Url } from '@touchstone/bytes';
import { Oid } from './algorithm';
import { DerReader, Tag } from './der-reader';
import { readBits, readOid } from './der-values';
import { derElement, derOid, derSequence } from './der-writer';
import { PkiError } from './pki-error';

const UNCOMPRESSED = 0x04;
const P256_ALGORITHM = derSequence(derOid(Oid.ecPublicKey), derOid(Oid.p256));

/** An uncompressed P-256 point: 0x04, x, y (SEC 1 section 2.3.3). */
export const P256_POINT_BYTES = 65;

const COORDINATE_BYTES = 32;

/** SubjectPublicKeyInfo of a P-256 point of 65 bytes. The point is not checked here. */
export const p256Spki = (point: Uint8Array): Uint8Array =>
  derSequence(P256_ALGORITHM, derElement(Tag.bitString, Uint8Array.of(0), point));

/**
 * A P-256 key from x and y (64 bytes, as quotes carry it) or from the uncompressed point (65 bytes).
 * `PKI_KEY_UNSUPPORTED` for another form, `PKI_KEY_NOT_ON_CURVE` for a point that is none.
 */
export function p256PublicKey(raw: Uint8Array): KeyObject {
  const point =
    raw.length === P256_POINT_BYTES - 1 ? concat(Uint8Array.of(UNCOMPRESSED), raw) : raw;
  assertPointForm(point);
  const [x, y] = [point.subarray(1, 1 + COORDINATE_BYTES), point.subarray(1 + COORDINATE_BYTES)];
  // A JWK is read a third faster than SPKI, and node checks the point in both.
  const jwk = { kty: 'EC', crv: 'P-256', x: toBase64Url(x), y: toBase64Url(y) };
  try {
    return createPublicKey({ key: jwk, format: 'jwk' });
  } catch (cause) {
    throw notOnCurve(cause);
  }
}

/** A key from SubjectPublicKeyInfo; elliptic points are checked to be on their curve. */
export function keyOfSpki(spki: Uint8Array): KeyObject {
  try {
    return createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
  } catch (cause) {
    throw algorithmOf(spki).oid === Oid.ecPublicKey
      ? notOnCurve(cause)
      : unsupported('the public key cannot be used', cause);
  }
}

/** The 65 bytes of a P-256 key, or the whole SPKI of any other. Elliptic keys must name their curve. */
export function publicKeyBytesOf(spki: Uint8Array): Uint8Array {
  const { oid, curve, key } = algorithmOf(spki);
  if (oid !== Oid.ecPublicKey) return spki;
  // Parameters spelled out could describe a look-alike curve (CVE-2020-0601).
  if (curve === undefined) throw unsupported('the curve is not named');
  if (curve !== Oid.p256) return spki;
  assertPointForm(key);
  return key;
}

function algorithmOf(spki: Uint8Array): {
  oid: string;
  curve: string | undefined;
  key: Uint8Array;
} {
  const body = new DerReader(spki).enter(Tag.sequence, 'subjectPublicKeyInfo');
  const algorithm = body.enter(Tag.sequence, 'subjectPublicKeyInfo.algorithm');
  const oid = readOid(algorithm, 'subjectPublicKeyInfo.algorithm');
  const named = algorithm.optional(Tag.oid, 'subjectPublicKeyInfo.parameters');
  const curve = named && readOid(new DerReader(named.bytes), 'subjectPublicKeyInfo.parameters');
  const key = readBits(body, 'subjectPublicKey');
  body.end('subjectPublicKeyInfo');
  return { oid, curve, key };
}

function assertPointForm(point: Uint8Array): void {
  if (point.length !== P256_POINT_BYTES || point[0] !== UNCOMPRESSED) {
    throw unsupported('a P-256 key must be an uncompressed point');
  }
}

const unsupported = (why: string, cause?: unknown): PkiError =>
  new PkiError('PKI_KEY_UNSUPPORTED', why, { field: 'subjectPublicKey', cause });

const notOnCurve = (cause: unknown): PkiError =>
  new PkiError('PKI_KEY_NOT_ON_CURVE', 'the point is not on its curve', {
    field: 'subjectPublicKey',
    cause,
  });
