import { readFile, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { CodedError } from '@touchstone/errors';
import type { GivenFile } from '@touchstone/service-verifier';
import { MAX_COLLATERAL_BYTES } from '@touchstone/service-verifier';

export class FileError extends CodedError<
  'FILE_UNREADABLE' | 'FILE_TOO_LARGE' | 'FOLDER_TOO_LARGE'
> {}

/** Files of one folder, subfolders included, at most. */
export const MAX_FOLDER_FILES = 10_000;
export const MAX_FOLDER_DEPTH = 8;

/** A file that the command was given. @throws FileError */
export async function readGiven(file: string): Promise<Uint8Array> {
  try {
    const { size } = await stat(file);
    if (size > MAX_COLLATERAL_BYTES) {
      throw new FileError('FILE_TOO_LARGE', `${file} has ${size} bytes`, { field: file });
    }
    return new Uint8Array(await readFile(file));
  } catch (cause) {
    if (cause instanceof FileError) throw cause;
    throw new FileError('FILE_UNREADABLE', `${file} cannot be read`, { field: file, cause });
  }
}

/** Files as they are named, and folders with everything in them. @throws FileError */
export async function readCollateral(paths: readonly string[]): Promise<GivenFile[]> {
  const files: GivenFile[] = [];
  for (const given of paths) {
    if (await isFolder(given)) files.push(...(await readFolder(given)));
    else files.push({ name: given, bytes: await readGiven(given), meant: true });
  }
  return files;
}

async function isFolder(given: string): Promise<boolean> {
  try {
    return (await stat(given)).isDirectory();
  } catch (cause) {
    throw new FileError('FILE_UNREADABLE', `${given} cannot be read`, { field: given, cause });
  }
}

/** Links are not followed, and what is too large to be collateral is passed over. */
async function readFolder(folder: string): Promise<GivenFile[]> {
  const names = await listFolder(folder, 0);
  if (names.length > MAX_FOLDER_FILES) {
    throw new FileError('FOLDER_TOO_LARGE', `${folder} has more than ${MAX_FOLDER_FILES} files`, {
      field: folder,
    });
  }
  const files: GivenFile[] = [];
  for (const name of names) {
    if ((await stat(name)).size > MAX_COLLATERAL_BYTES) continue;
    files.push({ name, bytes: await readGiven(name), meant: false });
  }
  return files;
}

async function listFolder(folder: string, depth: number): Promise<string[]> {
  if (depth > MAX_FOLDER_DEPTH) return [];
  const entries = await readdir(folder, { withFileTypes: true });
  const names: string[] = [];
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const name = path.join(folder, entry.name);
    if (entry.isDirectory()) names.push(...(await listFolder(name, depth + 1)));
    else if (entry.isFile()) names.push(name);
    if (names.length > MAX_FOLDER_FILES) break;
  }
  return names;
}
