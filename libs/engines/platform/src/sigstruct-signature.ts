import { createPrivateKey, sign, type KeyObject } from 'node:crypto';
import { concat, equal, fromBase64Url, fromHex, sha256, toHex } from '@touchstone/bytes';
import { PlatformError } from './platform-error';
import { SIGSTRUCT_KEY_BITS } from './rsa-key';
import {
  SIGSTRUCT_MODULUS_BYTES,
  encodeSigstruct,
  signedBytesOf,
  type SigstructContent,
  type UnverifiedSigstruct,
} from './sigstruct';

/** DigestInfo of SHA-256 up to the digest (RFC 8017 section 9.2, note 1). */
const SHA256_DIGEST_INFO = fromHex('3031300d060960864801650304020105000420');

/** MRSIGNER: SHA-256 of the 384 modulus bytes as SIGSTRUCT stores them, little-endian. */
export const mrSignerOf = (modulus: Uint8Array): Uint8Array => sha256(modulus);

/** MRSIGNER of the enclaves that this private key (PKCS#8 DER, RSA-3072, e = 3) signs. @throws PlatformError SGX_INVALID_SIGNING_KEY */
export const mrSignerOfKey = (signerKeyPkcs8: Uint8Array): Uint8Array =>
  mrSignerOf(modulusOf(signingKey(signerKeyPkcs8)));

/** A signed SIGSTRUCT, 1808 bytes. The key is PKCS#8 DER, RSA-3072 with exponent 3. @throws PlatformError SGX_INVALID_SIGNING_KEY */
export function buildSigstruct(content: SigstructContent, signerKeyPkcs8: Uint8Array): Uint8Array {
  const key = signingKey(signerKeyPkcs8);
  const modulus = modulusOf(key);
  const toSign = signedBytesOf(encodeSigstruct(content));
  const signature = new Uint8Array(sign('sha256', toSign, key)).reverse();
  const { q1, q2 } = quotients(toNumber(signature), toNumber(modulus));
  return encodeSigstruct(content, { modulus, signature, q1: fromNumber(q1), q2: fromNumber(q2) });
}

/**
 * Checks a SIGSTRUCT's own signature as EINIT does: both quotients must be the true ones, and the remainder that they leave,
 * S^3 mod M, the padded digest. Returns the signer it proved. @throws PlatformError SGX_INVALID_SIGNATURE
 */
export function verifySigstruct(sigstruct: UnverifiedSigstruct): { readonly mrSigner: Uint8Array } {
  const m = toNumber(sigstruct.modulus);
  const s = toNumber(sigstruct.signature);
  if (m >> BigInt(SIGSTRUCT_KEY_BITS - 1) !== 1n || s >= m) {
    throw invalidSignature('SIGNATURE', 'the signature is no number below a full-length modulus');
  }
  const { q1, q2, remainder } = quotients(s, m);
  if (toNumber(sigstruct.q1) !== q1) throw invalidSignature('Q1', 'Q1 is not floor(S^2 / M)');
  if (toNumber(sigstruct.q2) !== q2) throw invalidSignature('Q2', 'Q2 is not its quotient');
  const encoded = fromNumber(remainder).reverse();
  if (!equal(encoded, paddedDigest(sigstruct.signedBytes))) {
    throw invalidSignature('SIGNATURE', 'the signature is not over this structure by this key');
  }
  return { mrSigner: mrSignerOf(sigstruct.modulus) };
}

/** Q1 = floor(S^2/M), Q2 = floor((S^3 - Q1*S*M)/M), and the remainder S^3 mod M that they leave. */
function quotients(s: bigint, m: bigint): { q1: bigint; q2: bigint; remainder: bigint } {
  const square = s * s;
  const q1 = square / m;
  const rest = s * (square - q1 * m);
  const q2 = rest / m;
  return { q1, q2, remainder: rest - q2 * m };
}

/** EMSA-PKCS1-v1_5 of SHA-256 for a 3072-bit key, big-endian. */
function paddedDigest(message: Uint8Array): Uint8Array {
  const digest = sha256(message);
  const ones = SIGSTRUCT_MODULUS_BYTES - 3 - SHA256_DIGEST_INFO.length - digest.length;
  const start = Uint8Array.of(0, 1, ...new Uint8Array(ones).fill(0xff), 0);
  return concat(start, SHA256_DIGEST_INFO, digest);
}

function signingKey(pkcs8: Uint8Array): KeyObject {
  let key: KeyObject;
  try {
    key = createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' });
  } catch {
    throw invalidKey('the key is not PKCS#8');
  }
  const details = key.asymmetricKeyDetails;
  const fits = details?.modulusLength === SIGSTRUCT_KEY_BITS && details.publicExponent === 3n;
  if (key.asymmetricKeyType !== 'rsa' || !fits)
    throw invalidKey('enclaves are signed by RSA-3072 with e = 3');
  return key;
}

/** Little-endian, 384 bytes. */
function modulusOf(key: KeyObject): Uint8Array {
  const { n } = key.export({ format: 'jwk' });
  if (n === undefined) throw invalidKey('the key has no modulus');
  return fromBase64Url(n).reverse();
}

const toNumber = (littleEndian: Uint8Array): bigint =>
  BigInt(`0x${toHex(littleEndian.slice().reverse())}`);

const fromNumber = (value: bigint): Uint8Array =>
  fromHex(value.toString(16).padStart(2 * SIGSTRUCT_MODULUS_BYTES, '0')).reverse();

function invalidSignature(field: string, message: string): PlatformError {
  return new PlatformError('SGX_INVALID_SIGNATURE', message, { field });
}

function invalidKey(message: string): PlatformError {
  return new PlatformError('SGX_INVALID_SIGNING_KEY', message, { field: 'signerKey' });
}
