import { stat } from 'node:fs/promises';
import path from 'node:path';
import { fromBase64Lenient, toBase64 } from '@touchstone/bytes';
import { systemRandom } from '@touchstone/runtime';
import { createOnce, PRIVATE_FILE, readIfPresent } from './files';
import { TlsError } from './tls-error';

/** The key-encryption key of a store: AES-256. */
export const KEK_BYTES = 32;
const OTHERS = 0o077;

export interface KekSource {
  /** State folder; holds the key in `kek` when nothing else is named. */
  readonly home: string;
  /** The variables read: `TOUCHSTONE_KEK` (base64 of 32 bytes), then `TOUCHSTONE_KEK_FILE` (a file with the same). */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/**
 * The key under which private keys are encrypted at rest: from the environment, from the named file, or from the state
 * folder, where it is made on first use. Throws TLS_KEK_INVALID, and TLS_KEK_EXPOSED for a file that others may read.
 */
export async function loadKek({ home, env = {} }: KekSource): Promise<Uint8Array> {
  const { TOUCHSTONE_KEK: direct, TOUCHSTONE_KEK_FILE: named } = env;
  if (direct) return decodeKek(direct, 'TOUCHSTONE_KEK');
  if (named) return readKek(named);
  const file = path.join(home, 'kek');
  if ((await readIfPresent(file)) === undefined) {
    await createOnce(file, `${toBase64(systemRandom.bytes(KEK_BYTES))}\n`, PRIVATE_FILE);
  }
  return readKek(file);
}

async function readKek(file: string): Promise<Uint8Array> {
  const text = await readIfPresent(file);
  if (text === undefined)
    throw new TlsError('TLS_KEK_INVALID', 'there is no such file', { field: file });
  const { mode } = await stat(file);
  if ((mode & OTHERS) !== 0) {
    throw new TlsError(
      'TLS_KEK_EXPOSED',
      'the file must be readable by its owner only (chmod 600)',
      { field: file },
    );
  }
  return decodeKek(text, file);
}

function decodeKek(text: string, field: string): Uint8Array {
  let key: Uint8Array;
  try {
    key = fromBase64Lenient(text.trim(), field);
  } catch {
    throw invalidKek(field);
  }
  if (key.length !== KEK_BYTES) throw invalidKek(field);
  return key;
}

// The cause is left out: it could quote the key.
const invalidKek = (field: string): TlsError =>
  new TlsError('TLS_KEK_INVALID', `the key must be base64 of ${KEK_BYTES} bytes`, { field });
