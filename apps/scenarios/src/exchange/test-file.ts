import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';

const PORTION_BYTES = 1024 * 1024;

/** Writes a file of random bytes, portion by portion. */
export async function writeRandomFile(file: string, bytes: number): Promise<void> {
  await writePortions(file, randomPortions(bytes));
}

async function* randomPortions(bytes: number): AsyncGenerator<Uint8Array> {
  for (let left = bytes; left > 0; left -= PORTION_BYTES) {
    yield randomBytes(Math.min(left, PORTION_BYTES));
  }
}

export const readPortions = (file: string): AsyncIterable<Uint8Array> =>
  createReadStream(file, { highWaterMark: PORTION_BYTES });

/** Writes what comes, no faster than the disk takes it. */
export async function writePortions(
  file: string,
  portions: AsyncIterable<Uint8Array>,
): Promise<void> {
  const out = createWriteStream(file);
  for await (const portion of portions) {
    if (!out.write(portion)) await once(out, 'drain');
  }
  out.end();
  await once(out, 'finish');
}

/** SHA-256, hex. */
export async function digestOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const portion of readPortions(file)) hash.update(portion);
  return hash.digest('hex');
}
