import { link, mkdir, readFile, rename, unlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { toHex } from '@touchstone/bytes';
import type { Random } from '@touchstone/ports';

/** In the state folder: the root certificate of the simulator, for verifiers that are told to trust it. */
export const ROOT_FILE = 'simulated-root.pem';
/** The bearer token of the factory, for machines that share the state folder. */
export const TOKEN_FILE = 'manufacturing-token';

const PRIVATE = 0o600;
const PUBLIC = 0o644;
const TOKEN_BYTES = 32;

/** Writes beside and renames: a reader never sees half a file. */
export async function writeRoot(file: string, pem: string): Promise<string> {
  await mkdir(path.dirname(file), { recursive: true });
  const beside = `${file}.${process.pid}.new`;
  await writeFile(beside, pem, { mode: PUBLIC });
  await rename(beside, file);
  return file;
}

/** The token of the state folder; made when there is none. Of processes that make one at once, the first one's stays. */
export async function manufacturingToken(home: string, random: Random): Promise<string> {
  const file = path.join(home, TOKEN_FILE);
  await mkdir(home, { recursive: true });
  const kept = await readIfPresent(file);
  if (kept !== undefined) return kept;
  const beside = `${file}.${process.pid}.new`;
  await writeFile(beside, `${toHex(random.bytes(TOKEN_BYTES))}\n`, { mode: PRIVATE });
  // Unlike a rename, a link never replaces what is there; and it appears whole.
  await link(beside, file).catch(passOver('EEXIST'));
  await unlink(beside);
  return (await readFile(file, 'utf8')).trim();
}

async function readIfPresent(file: string): Promise<string | undefined> {
  const text = await readFile(file, 'utf8').catch(passOver('ENOENT'));
  return text?.trim();
}

const passOver =
  (code: string) =>
  (error: unknown): undefined => {
    // Not `instanceof Error`: what the file system throws may belong to another realm.
    if (typeof error === 'object' && error && 'code' in error && error.code === code)
      return undefined;
    throw error;
  };
