import type { KeyObject } from 'node:crypto';
import { constants, createPublicKey, generateKeyPair, privateDecrypt, sign } from 'node:crypto';
import { fromUtf8, sha256, toBase64Url } from '@touchstone/bytes';
import { EnclaveSdkError } from './enclave-sdk-error';

/** Public half as attestation tokens carry it. */
export interface RsaPublicJwk {
  readonly kty: 'RSA';
  /** Thumbprint of RFC 7638. */
  readonly kid: string;
  readonly n: string;
  readonly e: string;
}

/** An RSA key pair born inside. Its private half leaves only if the enclave's own code lets it. */
export interface RsaKeyPair {
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKeySpki: Uint8Array;
  readonly publicJwk: RsaPublicJwk;
  /** For libraries inside the enclave. */
  readonly privateKey: KeyObject;
  /** RSA-OAEP with SHA-256 for both hashes, no label. @throws EnclaveSdkError CIPHER_TEXT_REFUSED */
  decryptOaep(cipherText: Uint8Array): Uint8Array;
  /** RSASSA-PSS with SHA-256 and a salt of 32 bytes (PS256). */
  sign(message: Uint8Array): Uint8Array;
}

export async function generateRsaKeyPair(bits: 2048 | 3072): Promise<RsaKeyPair> {
  const { publicKey, privateKey } = await bear(bits);
  const spki = publicKey.export({ format: 'der', type: 'spki' });
  // Of a key read anew: exported from the pair that was just made, one in thousands would stop Node 20 for ever.
  const readAnew = createPublicKey({ key: spki, format: 'der', type: 'spki' });
  const { n = '', e = '' } = readAnew.export({ format: 'jwk' });
  const kid = toBase64Url(sha256(fromUtf8(JSON.stringify({ e, kty: 'RSA', n }))));
  return Object.freeze({
    publicKeySpki: Uint8Array.from(spki),
    publicJwk: { kty: 'RSA', kid, n, e } as const,
    privateKey,
    decryptOaep: (cipherText: Uint8Array) => decryptOaep(privateKey, cipherText),
    sign: (message: Uint8Array) =>
      Uint8Array.from(
        sign('sha256', message, {
          key: privateKey,
          padding: constants.RSA_PKCS1_PSS_PADDING,
          saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
        }),
      ),
  });
}

function decryptOaep(key: KeyObject, cipherText: Uint8Array): Uint8Array {
  try {
    const padding = constants.RSA_PKCS1_OAEP_PADDING;
    return Uint8Array.from(privateDecrypt({ key, padding, oaepHash: 'sha256' }, cipherText));
  } catch {
    // Without the cause: how a padding failed is nobody's business.
    throw new EnclaveSdkError('CIPHER_TEXT_REFUSED', 'the cipher text is not for this key');
  }
}

const bear = (modulusLength: number): Promise<{ publicKey: KeyObject; privateKey: KeyObject }> =>
  new Promise((resolve, reject) => {
    generateKeyPair('rsa', { modulusLength }, (error, publicKey, privateKey) => {
      if (error) reject(error);
      else resolve({ publicKey, privateKey });
    });
  });
