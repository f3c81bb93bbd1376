import fc from 'fast-check';
import { concat, toHex } from '@touchstone/bytes';
import { inBlocks, throughEnclave, type Block } from './blocks';

async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}

describe('inBlocks', () => {
  it('loses nothing, fills every block but the last, and marks that one', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uint8Array({ maxLength: 40 })),
        fc.integer({ min: 1, max: 16 }),
        async (portions, size) => {
          const blocks = await collect(inBlocks(portions, size));
          expect(toHex(concat(...blocks.map(({ data }) => data)))).toBe(toHex(concat(...portions)));
          expect(blocks.map(({ last }) => last)).toEqual(
            blocks.map((_, i) => i === blocks.length - 1),
          );
          expect(blocks.slice(0, -1).every(({ data }) => data.length === size)).toBe(true);
          expect(blocks.at(-1)?.data.length).toBeLessThanOrEqual(size);
        },
      ),
    );
  });
});

describe('throughEnclave', () => {
  it('sends each block with its file and whether it is the last, and says so of the answers', async () => {
    const blocks: Block[] = [
      { data: Uint8Array.of(1), last: false },
      { data: Uint8Array.of(2), last: true },
    ];
    const sent: string[] = [];
    const given = (async function* () {
      yield* blocks;
    })();
    const answered = throughEnclave(0x0102, given, async function* (payloads) {
      for await (const payload of payloads) {
        sent.push(toHex(payload));
        yield payload.subarray(5);
      }
    });
    expect(await collect(answered)).toEqual(blocks);
    expect(sent).toEqual(['020100000001', '020100000102']);
  });
});
