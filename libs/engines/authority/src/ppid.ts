import {
  constants,
  createPrivateKey,
  createPublicKey,
  privateDecrypt,
  type KeyObject,
} from 'node:crypto';
import { AuthorityError } from './authority-error';

export const PPID_BYTES = 16;
/** RSA-3072: one ciphertext block. */
export const ENCRYPTED_PPID_BYTES = 384;

/** The key that Quoting Enclaves encrypt a PPID to: RSA-3072, OAEP with SHA-256 for hash and mask, empty label. */
export interface PpidDecryptor {
  /** SPKI, PEM. */
  readonly publicKeyPem: string;
  /** 384 bytes in, the 16-byte PPID out. AUTHORITY_PPID_UNREADABLE for anything that does not decrypt to one. */
  decrypt(encrypted: Uint8Array): Uint8Array;
}

export function createPpidDecryptor(privateKeyPkcs8: Uint8Array): PpidDecryptor {
  const key = rsa3072(privateKeyPkcs8, 'ppidEncryption');
  return {
    publicKeyPem: createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString(),
    decrypt: (encrypted) => {
      const ppid = encrypted.length === ENCRYPTED_PPID_BYTES ? decrypt(key, encrypted) : undefined;
      if (ppid?.length === PPID_BYTES) return new Uint8Array(ppid);
      throw new AuthorityError('AUTHORITY_PPID_UNREADABLE', 'the encrypted PPID does not decrypt', {
        field: 'encrypted_ppid',
      });
    },
  };
}

// Why it failed is told to nobody: the answer must not help to decrypt another one.
function decrypt(key: KeyObject, encrypted: Uint8Array): Uint8Array | undefined {
  try {
    const padding = constants.RSA_PKCS1_OAEP_PADDING;
    return privateDecrypt({ key, padding, oaepHash: 'sha256' }, encrypted);
  } catch {
    return undefined;
  }
}

/** AUTHORITY_KEYS_MALFORMED unless `pkcs8` is an RSA-3072 key with this public exponent. */
export function rsa3072(pkcs8: Uint8Array, field: string, exponent = 65537n): KeyObject {
  let key: KeyObject | undefined;
  try {
    key = createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' });
  } catch (cause) {
    throw new AuthorityError('AUTHORITY_KEYS_MALFORMED', `${field} is no PKCS#8 key`, {
      field,
      cause,
    });
  }
  const { modulusLength, publicExponent } = key.asymmetricKeyDetails ?? {};
  if (modulusLength === 3072 && publicExponent === exponent) return key;
  throw new AuthorityError(
    'AUTHORITY_KEYS_MALFORMED',
    `${field} is no RSA-3072 key with exponent ${exponent}`,
    { field },
  );
}
