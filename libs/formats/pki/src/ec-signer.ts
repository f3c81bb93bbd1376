import { type KeyObject, createPrivateKey } from 'node:crypto';
import { p256 } from '@noble/curves/nist.js';
import { sha256, toBase64Url } from '@touchstone/bytes';
import type { Random } from '@touchstone/ports';
import { PkiError } from './pki-error';

/** Bytes of a P-256 private scalar, big-endian. */
export const EC_SCALAR_BYTES = 32;

const FIELD_BYTES = 32;

/**
 * A P-256 key that signs with SHA-256 and RFC 6979 nonces: the same key and data always give the same signature, so a
 * seeded run repeats byte for byte. The scalar leaves only through `toPkcs8`.
 */
export interface EcSigner {
  /** Uncompressed point, 65 bytes. */
  readonly publicKeyBytes: Uint8Array;
  /** SEQUENCE { r, s } in DER, as certificates and CRLs carry it. */
  sign(data: Uint8Array): Uint8Array;
  /** r and s, 32 bytes each, big-endian, as quotes and signed JSON carry it. */
  signRaw(data: Uint8Array): Uint8Array;
  /** PKCS#8 DER. */
  toPkcs8(): Uint8Array;
}

/** A signer from a scalar of 32 bytes, big-endian; `PKI_SCALAR_OUT_OF_RANGE` unless it is in 1..n-1. */
export function ecSignerFromScalar(scalar: Uint8Array): EcSigner {
  if (!isScalar(scalar)) {
    throw new PkiError('PKI_SCALAR_OUT_OF_RANGE', 'not a P-256 private scalar', {
      field: 'privateKey',
    });
  }
  return new NobleSigner(scalar.slice());
}

/** A signer from PKCS#8 DER; `PKI_KEY_UNSUPPORTED` for anything but a P-256 private key. */
export function ecSignerFromPkcs8(der: Uint8Array): EcSigner {
  const { crv, d } = keyFromPkcs8(der).export({ format: 'jwk' });
  if (crv !== 'P-256' || d === undefined) throw unsupported();
  return ecSignerFromScalar(new Uint8Array(Buffer.from(d, 'base64url')));
}

/** A uniformly random scalar: draws outside 1..n-1 are thrown away (FIPS 186-5 appendix A.2.2). */
export function newEcScalar(random: Random): Uint8Array {
  for (let attempt = 0; attempt < 128; attempt++) {
    const candidate = random.bytes(EC_SCALAR_BYTES);
    if (isScalar(candidate)) return candidate;
  }
  throw new PkiError('PKI_SCALAR_OUT_OF_RANGE', 'the source of randomness gives no scalar');
}

class NobleSigner implements EcSigner {
  readonly publicKeyBytes: Uint8Array;
  readonly #scalar: Uint8Array;

  constructor(scalar: Uint8Array) {
    this.#scalar = scalar;
    this.publicKeyBytes = p256.getPublicKey(scalar, false);
  }

  sign(data: Uint8Array): Uint8Array {
    return this.#sign(data, 'der');
  }

  signRaw(data: Uint8Array): Uint8Array {
    return this.#sign(data, 'compact');
  }

  toPkcs8(): Uint8Array {
    const [x, y] = [
      this.publicKeyBytes.slice(1, 1 + FIELD_BYTES),
      this.publicKeyBytes.slice(1 + FIELD_BYTES),
    ];
    const jwk = {
      kty: 'EC',
      crv: 'P-256',
      d: toBase64Url(this.#scalar),
      x: toBase64Url(x),
      y: toBase64Url(y),
    };
    const key = createPrivateKey({ key: jwk, format: 'jwk' });
    return new Uint8Array(key.export({ type: 'pkcs8', format: 'der' }));
  }

  #sign(data: Uint8Array, format: 'der' | 'compact'): Uint8Array {
    return p256.sign(sha256(data), this.#scalar, { prehash: false, lowS: false, format });
  }
}

const isScalar = (scalar: Uint8Array): boolean =>
  scalar.length === EC_SCALAR_BYTES && p256.utils.isValidSecretKey(scalar);

function keyFromPkcs8(der: Uint8Array): KeyObject {
  let key: KeyObject;
  try {
    key = createPrivateKey({ key: Buffer.from(der), format: 'der', type: 'pkcs8' });
  } catch {
    throw unsupported();
  }
  if (key.asymmetricKeyType !== 'ec') throw unsupported();
  return key;
}

// The cause of a key that cannot be read stays out of the error: nothing of a private key may reach a log.
const unsupported = (): PkiError =>
  new PkiError('PKI_KEY_UNSUPPORTED', 'not a P-256 private key in PKCS#8', { field: 'privateKey' });
