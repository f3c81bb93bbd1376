import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { link, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';

export const PRIVATE_FILE = 0o600;
export const PUBLIC_FILE = 0o644;
const PRIVATE_FOLDER = 0o700;

/** The file's text, or `undefined` when there is none. */
export async function readIfPresent(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/**
 * Creates `file` with the whole of `text`, unless it is already there, and answers with what the file then holds. Of
 * several processes that try at once one wins, and all read the winner's text: a hard link to a finished file either
 * appears whole or not at all, so that there is no lock which a killed process could leave behind.
 */
export async function createOnce(file: string, text: string, mode: number): Promise<string> {
  const draft = await writeDraft(file, text, mode);
  try {
    await link(draft, file);
    await syncFolder(file);
    return text;
  } catch (error) {
    if (!isErrno(error, 'EEXIST')) throw error;
    return await readFile(file, 'utf8');
  } finally {
    await rm(draft, { force: true });
  }
}

/** Puts `text` in the place of whatever `file` held: readers see the old text or the new one, never half of one. */
export async function replaceFile(file: string, text: string, mode: number): Promise<void> {
  await rename(await writeDraft(file, text, mode), file);
  await syncFolder(file);
}

async function writeDraft(file: string, text: string, mode: number): Promise<string> {
  await mkdir(path.dirname(file), { recursive: true, mode: PRIVATE_FOLDER });
  const draft = `${file}.${process.pid}.${randomBytes(6).toString('hex')}`;
  const handle = await open(draft, constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY, mode);
  try {
    // The mode as asked, whatever the umask.
    await handle.chmod(mode);
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  return draft;
}

/** A rename or link is durable when its folder is. */
async function syncFolder(file: string): Promise<void> {
  const folder = await open(path.dirname(file), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function isErrno(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}
