import { type KeyObject, constants, createPublicKey, verify } from 'node:crypto';
import type { SignatureScheme } from './algorithm';
import type { Certificate } from './certificate';
import type { Crl } from './crl';
import { PkiError } from './pki-error';

/** What signs: a certificate's key, or a key alone. */
export type Issuer = Certificate | KeyObject;

/**
 * Whether `issuer`'s key made the certificate's signature over the bytes as they arrived. Only the signature: names,
 * dates and usage are the caller's questions. An unusable key or an algorithm that is not trusted is a plain no.
 */
export const verifyCertificateSignature = (certificate: Certificate, issuer: Issuer): boolean =>
  verifySigned(certificate, issuer);

/** Whether `issuer`'s key made the CRL's signature over the bytes as they arrived. */
export const verifyCrlSignature = (crl: Crl, issuer: Issuer): boolean => verifySigned(crl, issuer);

const P256_SIGNATURE_BYTES = 64;

/**
 * ECDSA P-256 with SHA-256. `der`: SEQUENCE { r, s } of canonical DER; `ieee-p1363`: r and s, 32 bytes each, big-endian.
 * False for a key of another kind, for r or s outside 1..n-1 and for any other spelling of the signature.
 */
export function verifyEcdsaP256(
  publicKey: KeyObject,
  data: Uint8Array,
  signature: Uint8Array,
  encoding: 'ieee-p1363' | 'der',
): boolean {
  if (publicKey.asymmetricKeyDetails?.namedCurve !== 'prime256v1') return false;
  if (encoding === 'ieee-p1363' && signature.length !== P256_SIGNATURE_BYTES) return false;
  return verifies('sha256', data, { key: publicKey, dsaEncoding: encoding }, signature);
}

interface SignedDocument {
  readonly tbs: Uint8Array;
  readonly signature: Uint8Array;
  readonly signatureScheme?: SignatureScheme;
}

function verifySigned(
  { tbs, signature, signatureScheme }: SignedDocument,
  issuer: Issuer,
): boolean {
  const key = keyOf(issuer);
  if (!signatureScheme || !key) return false;
  const keyType = signatureScheme.kind === 'ecdsa' ? 'ec' : 'rsa';
  if (key.asymmetricKeyType !== keyType) return false;
  return verifies(signatureScheme.hash, tbs, { key, ...optionsOf(signatureScheme) }, signature);
}

function keyOf(issuer: Issuer): KeyObject | undefined {
  if ('tbs' in issuer) return usableKey(issuer);
  return issuer.type === 'private' ? createPublicKey(issuer) : issuer;
}

function usableKey(certificate: Certificate): KeyObject | undefined {
  try {
    return certificate.publicKey;
  } catch (error) {
    if (error instanceof PkiError) return undefined;
    throw error;
  }
}

function optionsOf(scheme: SignatureScheme) {
  switch (scheme.kind) {
    case 'ecdsa':
      return { dsaEncoding: 'der' } as const;
    case 'rsa-pkcs1':
      return { padding: constants.RSA_PKCS1_PADDING };
    case 'rsa-pss':
      return { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: scheme.saltLength };
  }
}

// OpenSSL reports some malformed signatures as an error instead of a mismatch; both mean no.
function verifies(
  hash: string,
  data: Uint8Array,
  options: Parameters<typeof verify>[2],
  signature: Uint8Array,
): boolean {
  try {
    return verify(hash, data, options, signature);
  } catch {
    return false;
  }
}
