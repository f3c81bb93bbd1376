import { verify, X509Certificate } from 'node:crypto';
import { fromBase64Lenient, fromBase64Url, fromUtf8, toUtf8 } from '@touchstone/bytes';
import type { RsaKeyPair } from '@touchstone/enclave-sdk';
import { DATA_KEY_BYTES } from '@touchstone/encrypted-data';
import { decodeKeyHsm, unwrapKey } from '@touchstone/key-wrap';
import { KeyReleaseError } from './key-release-error';

/** How the vault is asked to wrap: RSA-OAEP and AES key wrap, both with SHA-256. */
export const WRAPPING = 'RSA_AES_KEY_WRAP_256';

export const MAX_RELEASE_CHARACTERS = 256 * 1024;
const MAX_CHAIN_CERTIFICATES = 8;

/**
 * The data key out of a vault's signed answer (compact JWS, RS256). Checked inside: the signature under the leaf certificate, that
 * each certificate is signed by the next, that the answer repeats this enclave's nonce, and that the key is wrapped to this
 * enclave's key. The vault's root is not pinned here, for the data says who may speak: only the owner's key opens it.
 * @throws KeyReleaseError KEY_RELEASE_MALFORMED, KEY_RELEASE_REFUSED, RELEASED_KEY_UNSUITABLE; KeyWrapError
 */
export function releasedKey(
  jws: string,
  nonce: string,
  { privateKey, publicJwk }: Pick<RsaKeyPair, 'privateKey' | 'publicJwk'>,
): Uint8Array {
  const payload = verifiedPayload(jws);
  if (text(payload, 'request', 'nonce') !== nonce) throw refused('nonce');
  if (text(payload, 'request', 'enc') !== WRAPPING) throw refused('enc');
  const kty = text(payload, 'response', 'key', 'key', 'kty');
  if (kty !== 'oct' && kty !== 'oct-HSM') throw unsuitable('kty');
  const wrapped = decodeKeyHsm(text(payload, 'response', 'key', 'key', 'key_hsm'));
  if (wrapped.kid !== publicJwk.kid) throw refused('kid');
  if (wrapped.enc !== WRAPPING) throw refused('enc');
  const key = unwrapKey({ algorithm: WRAPPING, privateKey, wrapped: wrapped.ciphertext });
  if (key.length !== DATA_KEY_BYTES) throw unsuitable('key');
  return key;
}

function verifiedPayload(jws: string): unknown {
  if (jws.length > MAX_RELEASE_CHARACTERS) throw malformed('value');
  const [head, body, signature, ...rest] = jws.split('.');
  if (head === undefined || body === undefined || signature === undefined || rest.length > 0) {
    throw malformed('value');
  }
  const header = json(head, 'header');
  if (text(header, 'alg') !== 'RS256') throw refused('alg');
  const leaf = leafOf(header);
  const signed = fromUtf8(`${head}.${body}`);
  if (!verify('sha256', signed, leaf.publicKey, bytes(signature, 'signature'))) {
    throw refused('signature');
  }
  return json(body, 'payload');
}

function leafOf(header: unknown): X509Certificate {
  const chain = member(header, 'x5c');
  if (!Array.isArray(chain) || chain.length === 0 || chain.length > MAX_CHAIN_CERTIFICATES) {
    throw malformed('x5c');
  }
  const certificates = chain.map(certificate);
  certificates.forEach((subject, i) => {
    const issuer = certificates[i + 1];
    if (issuer !== undefined && !subject.verify(issuer.publicKey)) throw refused('x5c');
  });
  const [leaf] = certificates;
  if (leaf?.publicKey.asymmetricKeyType !== 'rsa') throw refused('x5c');
  return leaf;
}

function certificate(value: unknown): X509Certificate {
  if (typeof value !== 'string') throw malformed('x5c');
  try {
    return new X509Certificate(fromBase64Lenient(value));
  } catch (cause) {
    throw malformed('x5c', cause);
  }
}

function bytes(value: string, field: string): Uint8Array {
  try {
    return fromBase64Url(value);
  } catch (cause) {
    throw malformed(field, cause);
  }
}

function json(value: string, field: string): unknown {
  try {
    return JSON.parse(toUtf8(bytes(value, field)));
  } catch (cause) {
    throw malformed(field, cause);
  }
}

const member = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;

function text(value: unknown, ...path: readonly string[]): string {
  const found = path.reduce(member, value);
  if (typeof found !== 'string') throw malformed(path.join('.'));
  return found;
}

const malformed = (field: string, cause?: unknown): KeyReleaseError =>
  new KeyReleaseError('KEY_RELEASE_MALFORMED', `the release is malformed: ${field}`, {
    field,
    cause,
  });

const refused = (field: string): KeyReleaseError =>
  new KeyReleaseError('KEY_RELEASE_REFUSED', `the release is not for this request: ${field}`, {
    field,
  });

const unsuitable = (field: string): KeyReleaseError =>
  new KeyReleaseError('RELEASED_KEY_UNSUITABLE', 'the released key is no 256-bit symmetric key', {
    field,
  });
