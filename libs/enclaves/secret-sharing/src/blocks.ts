import { concat } from '@touchstone/bytes';

/** What one block of a stream holds before encryption; less than the most, for it travels in one message. */
export const STREAM_BLOCK_BYTES = 1024 * 1024;

/** Blocks of a file with a word on which is the last. */
export interface Block {
  readonly data: Uint8Array;
  readonly last: boolean;
}

/** A stream of ECALLs `block`: payloads in, answers out in their order. */
export type EnterWithEach = (payloads: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>;

/** Cuts bytes that come in any portions into blocks; an empty file is one empty block. */
export async function* inBlocks(
  portions: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  size = STREAM_BLOCK_BYTES,
): AsyncGenerator<Block> {
  let held: Uint8Array = new Uint8Array();
  for await (const portion of portions) {
    held = held.length === 0 ? portion : concat(held, portion);
    while (held.length > size) {
      yield { data: held.slice(0, size), last: false };
      held = held.subarray(size);
    }
  }
  yield { data: held, last: true };
}

/** The blocks of a file as an enclave encrypts or decrypts them, no faster than they are taken. */
export async function* throughEnclave(
  file: number,
  blocks: AsyncIterable<Block>,
  enterWithEach: EnterWithEach,
): AsyncGenerator<Block> {
  const lasts: boolean[] = [];
  const payloads = async function* (): AsyncGenerator<Uint8Array> {
    for await (const { data, last } of blocks) {
      lasts.push(last);
      yield concat(blockHeader(file, last), data);
    }
  };
  for await (const data of enterWithEach(payloads())) {
    yield { data, last: lasts.shift() ?? false };
  }
}

/** File u32 little-endian, then 1 for the last block and 0 for every other. */
function blockHeader(file: number, last: boolean): Uint8Array {
  const header = new Uint8Array(5);
  new DataView(header.buffer).setUint32(0, file, true);
  header[4] = last ? 1 : 0;
  return header;
}
