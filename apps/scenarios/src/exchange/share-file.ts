import path from 'node:path';
import {
  FILE_HEADER_BYTES,
  FILE_TAG_BYTES,
  inBlocks,
  STREAM_BLOCK_BYTES,
  type Block,
} from '@touchstone/enclave-secret-sharing';
import type { Stage } from '../frame/scenario';
import { throughParty } from './enclave-stream';
import type { Party } from './party';
import { digestOf, readPortions, writePortions, writeRandomFile } from './test-file';

const MEBIBYTE = 1024 * 1024;

/** One after the other, with the encrypted file on disk between them, as the guide's first scenario does it. */
export async function shareFileByDisk(
  stage: Stage,
  a: Party,
  b: Party,
  bytes: number,
): Promise<void> {
  const { input, encrypted, decrypted } = filesIn(stage.world.filesFolder);
  await writeRandomFile(input, bytes);
  const fileA = await a.openFile();
  await writePortions(
    encrypted,
    withHeader(fileA.header, throughParty(a, fileA.file, inBlocks(readPortions(input)))),
  );
  stage.narrator.step(
    a.name,
    'encrypts a file block by block (AES-256-GCM)',
    { file: input, bytes, blocks: blocksOf(bytes), encrypted },
    'The number of the block is in its IV and the last one is marked, so none can be moved, left out or cut off.',
  );
  const fileB = await b.openFile(fileA.header);
  const size = STREAM_BLOCK_BYTES + FILE_TAG_BYTES;
  const encryptedBlocks = inBlocks(withoutHeader(readPortions(encrypted)), size);
  await writePortions(decrypted, dataOf(throughParty(b, fileB.file, encryptedBlocks)));
  stage.narrator.step(b.name, 'decrypts it block by block', { decrypted });
  await compare(stage, input, decrypted);
}

/** All at once: a block is on its way to B while A encrypts the next, and a slow B slows A down. */
export async function streamFile(stage: Stage, a: Party, b: Party, bytes: number): Promise<void> {
  const { input, decrypted } = filesIn(stage.world.filesFolder);
  await writeRandomFile(input, bytes);
  const fileA = await a.openFile();
  const fileB = await b.openFile(fileA.header);
  stage.narrator.step('host application', 'opens the file at A and at B', {
    file: input,
    bytes,
    blocks: blocksOf(bytes),
  });
  const started = performance.now();
  const encrypted = throughParty(a, fileA.file, inBlocks(readPortions(input)));
  await writePortions(decrypted, dataOf(throughParty(b, fileB.file, encrypted)));
  const seconds = (performance.now() - started) / 1000;
  stage.narrator.step(
    'host application',
    'streams the blocks: disk, A, network, B, disk',
    { decrypted, throughput: `${(bytes / MEBIBYTE / seconds).toFixed(1)} MiB/s` },
    'Both streams pass on when the next block is taken, so nothing piles up however large the file is.',
  );
  await compare(stage, input, decrypted);
}

async function compare(stage: Stage, input: string, decrypted: string): Promise<void> {
  const [expected, read] = await Promise.all([digestOf(input), digestOf(decrypted)]);
  stage.narrator.step('host application', 'compares the files', { input, decrypted });
  stage.check({
    name: 'the decrypted file is equal to the input',
    ok: read === expected,
    read,
    expected,
  });
}

const filesIn = (folder: string) => ({
  input: path.join(folder, 'input'),
  encrypted: path.join(folder, 'out.encrypted'),
  decrypted: path.join(folder, 'out.decrypted'),
});

const blocksOf = (bytes: number): number => Math.max(1, Math.ceil(bytes / STREAM_BLOCK_BYTES));

async function* withHeader(
  header: Uint8Array,
  blocks: AsyncIterable<Block>,
): AsyncGenerator<Uint8Array> {
  yield header;
  yield* dataOf(blocks);
}

async function* dataOf(blocks: AsyncIterable<Block>): AsyncGenerator<Uint8Array> {
  for await (const { data } of blocks) yield data;
}

async function* withoutHeader(portions: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let left = FILE_HEADER_BYTES;
  for await (const portion of portions) {
    yield portion.subarray(Math.min(left, portion.length));
    left -= Math.min(left, portion.length);
  }
}
