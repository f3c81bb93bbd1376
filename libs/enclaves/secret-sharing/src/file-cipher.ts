import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto';
import { concat, fromUtf8 } from '@touchstone/bytes';
import { SecretSharingError } from './secret-sharing-error';

export const FILE_HEADER_BYTES = 24;
export const FILE_TAG_BYTES = 16;
/** What one block holds at most before encryption. */
export const MAX_BLOCK_BYTES = 4 * 1024 * 1024;
const MAGIC = fromUtf8('TSSHARE1');
const SALT_BYTES = 16;
const KEY_BYTES = 32;
const INFO = fromUtf8('touchstone secret-sharing file');

export type FileMode = 'encrypt' | 'decrypt';

/**
 * A file in blocks, each AES-256-GCM under a key of this file: HKDF-SHA256 of the shared key, salted by the header
 * (`TSSHARE1`, 16 random bytes). The IV is the number of the block, u64 big-endian, then 3 zeros, then 1 for the last block and
 * 0 for every other (STREAM): a block that is changed, left out, repeated or put elsewhere does not open, and a file that is cut
 * short has no last block.
 */
export class FileCipher {
  readonly #key: Buffer;
  readonly #header: Uint8Array;
  readonly #mode: FileMode;
  #next = 0n;
  #ended = false;

  /** @throws SecretSharingError BLOCK_REFUSED for a header that is none */
  constructor(mode: FileMode, sharedKey: Uint8Array, header: Uint8Array) {
    if (header.length !== FILE_HEADER_BYTES || !MAGIC.every((byte, i) => header[i] === byte)) {
      throw refused('the header is not that of an encrypted file');
    }
    this.#mode = mode;
    this.#header = header.slice();
    this.#key = Buffer.from(
      hkdfSync('sha256', sharedKey, header.subarray(MAGIC.length), INFO, KEY_BYTES),
    );
  }

  /** Whether the last block has passed. */
  get ended(): boolean {
    return this.#ended;
  }

  /** The next block. @throws SecretSharingError BLOCK_REFUSED, BLOCK_TOO_LARGE */
  block(data: Uint8Array, last: boolean): Uint8Array {
    const most = MAX_BLOCK_BYTES + (this.#mode === 'decrypt' ? FILE_TAG_BYTES : 0);
    if (data.length > most) {
      throw new SecretSharingError('BLOCK_TOO_LARGE', 'the block is too large', { field: 'block' });
    }
    if (this.#ended) throw refused('the file has ended');
    const iv = this.#iv(last);
    const done = this.#mode === 'encrypt' ? this.#encrypt(data, iv) : this.#decrypt(data, iv);
    this.#next++;
    this.#ended = last;
    return done;
  }

  #encrypt(data: Uint8Array, iv: Uint8Array): Uint8Array {
    const cipher = createCipheriv('aes-256-gcm', this.#key, iv).setAAD(this.#header);
    return concat(cipher.update(data), cipher.final(), cipher.getAuthTag());
  }

  #decrypt(data: Uint8Array, iv: Uint8Array): Uint8Array {
    if (data.length < FILE_TAG_BYTES) throw refused('the block is too short');
    const end = data.length - FILE_TAG_BYTES;
    const cipher = createDecipheriv('aes-256-gcm', this.#key, iv)
      .setAAD(this.#header)
      .setAuthTag(data.subarray(end));
    try {
      return concat(cipher.update(data.subarray(0, end)), cipher.final());
    } catch {
      throw refused('the block is not the next one of this file');
    }
  }

  #iv(last: boolean): Uint8Array {
    const iv = new Uint8Array(12);
    new DataView(iv.buffer).setBigUint64(0, this.#next);
    iv[11] = last ? 1 : 0;
    return iv;
  }
}

/** A header for a new file. */
export const newFileHeader = (random: (length: number) => Uint8Array): Uint8Array =>
  concat(MAGIC, random(SALT_BYTES));

const refused = (message: string): SecretSharingError =>
  new SecretSharingError('BLOCK_REFUSED', message, { field: 'block' });
