import { concat } from '@touchstone/bytes';
import type { CallEnclaveStreamRequest } from '@touchstone/enclave-rpc';
import { asked } from '../frame/refused';
import type { Party } from './party';

/** What one block holds before encryption. */
export const BLOCK_BYTES = 1024 * 1024;

/** Blocks of a file with a word on which is the last. */
export interface Block {
  readonly data: Uint8Array;
  readonly last: boolean;
}

/** Cuts bytes that come in any portions into blocks; an empty file is one empty block. */
export async function* inBlocks(
  portions: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  size = BLOCK_BYTES,
): AsyncGenerator<Block> {
  let held: Uint8Array = new Uint8Array();
  for await (const portion of portions) {
    held = concat(held, portion);
    while (held.length > size) {
      yield { data: held.slice(0, size), last: false };
      held = held.slice(size);
    }
  }
  yield { data: held, last: true };
}

/** The blocks as the party encrypts or decrypts them: one ECALL each, in one stream, no faster than they are taken. */
export async function* throughEnclave(
  party: Pick<Party, 'name' | 'enclaveId' | 'machine'>,
  file: number,
  blocks: AsyncIterable<Block>,
): AsyncGenerator<Block> {
  const lasts: boolean[] = [];
  const { enclaveId, machine } = party;
  const requests = async function* (): AsyncGenerator<CallEnclaveStreamRequest> {
    yield { start: { enclaveId, name: 'block', deadlineMilliseconds: 0 } };
    for await (const { data, last } of blocks) {
      lasts.push(last);
      yield { payload: concat(blockHeader(file, last), data) };
    }
  };
  const answers = machine.host.callEnclaveStream(requests())[Symbol.asyncIterator]();
  for (;;) {
    const answer = await asked(party.name, answers.next());
    if (answer.done === true) return;
    yield { data: answer.value.payload, last: lasts.shift() ?? false };
  }
}

/** File u32 little-endian, then 1 for the last block and 0 for every other. */
function blockHeader(file: number, last: boolean): Uint8Array {
  const header = new Uint8Array(5);
  new DataView(header.buffer).setUint32(0, file, true);
  header[4] = last ? 1 : 0;
  return header;
}
