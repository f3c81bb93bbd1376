import { randomBytes } from 'node:crypto';
import { FileCipher, newFileHeader, type FileMode } from '../file-cipher';
import { SecretSharingError } from '../secret-sharing-error';

/** Files that may be under way at a time. */
export const MAX_OPEN_FILES = 64;

/** The files of a party, by number. */
export class Files {
  readonly #open = new Map<number, FileCipher>();
  #last = 0;

  /** A new file to encrypt has a new header. FILES_FULL, BLOCK_REFUSED. */
  open(
    mode: FileMode,
    key: Uint8Array,
    header = newFileHeader((length) => Uint8Array.from(randomBytes(length))),
  ): { file: number; header: Uint8Array } {
    if (this.#open.size >= MAX_OPEN_FILES) {
      throw new SecretSharingError('FILES_FULL', 'too many files are open');
    }
    const cipher = new FileCipher(mode, key, header);
    const file = ++this.#last;
    this.#open.set(file, cipher);
    return { file, header };
  }

  /** The next block of a file; the last one closes it, and so does one that is refused. */
  block(file: number, data: Uint8Array, last: boolean): Uint8Array {
    const cipher = this.#open.get(file);
    if (cipher === undefined) {
      throw new SecretSharingError('FILE_UNKNOWN', 'there is no such file', { field: 'file' });
    }
    if (last) this.#open.delete(file);
    try {
      return cipher.block(data, last);
    } catch (error) {
      this.#open.delete(file);
      throw error;
    }
  }
}
