import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { concat, fromUtf8 } from '@touchstone/bytes';
import { StoreError } from './store-error';

const ALGORITHM = 'aes-256-gcm';
const KEK_BYTES = 32;
// layout of a sealed value: version (1), nonce (12), cipher text, tag (16)
const VERSION = 1;
const NONCE_START = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const BODY_START = NONCE_START + NONCE_BYTES;

/** Encrypts what is secret before it is written. */
export interface Sealer {
  /** `place` names table and row; a value that is moved to another place cannot be opened there. */
  seal(place: string, plain: Uint8Array): Uint8Array;
  /** STORE_SECRET_UNREADABLE when the value was changed, moved, or sealed under another key. */
  open(place: string, sealed: Uint8Array): Uint8Array;
}

/** AES-256-GCM under `kek` (32 bytes), a random nonce for each value, `place` as associated data. */
export function createSealer(kek: Uint8Array): Sealer {
  if (kek.length !== KEK_BYTES) {
    throw new StoreError(
      'STORE_KEK_MISMATCH',
      `the key-encryption key must have ${KEK_BYTES} bytes`,
    );
  }
  const key = kek.slice();
  return {
    seal: (place, plain) => {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(ALGORITHM, key, nonce).setAAD(fromUtf8(place));
      const body = concat(cipher.update(plain), cipher.final());
      return concat(Uint8Array.of(VERSION), nonce, body, cipher.getAuthTag());
    },
    open: (place, sealed) => {
      if (sealed[0] !== VERSION || sealed.length < BODY_START + TAG_BYTES) throw unreadable(place);
      const bodyEnd = sealed.length - TAG_BYTES;
      const decipher = createDecipheriv(ALGORITHM, key, sealed.subarray(NONCE_START, BODY_START), {
        authTagLength: TAG_BYTES,
      })
        .setAAD(fromUtf8(place))
        .setAuthTag(sealed.subarray(bodyEnd));
      const plain = decipher.update(sealed.subarray(BODY_START, bodyEnd));
      try {
        return concat(plain, decipher.final());
      } catch (cause) {
        throw unreadable(place, cause);
      }
    },
  };
}

function unreadable(place: string, cause?: unknown): StoreError {
  return new StoreError('STORE_SECRET_UNREADABLE', `the secret of ${place} cannot be decrypted`, {
    field: place,
    cause,
  });
}
