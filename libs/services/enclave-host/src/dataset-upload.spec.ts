import { collectDataset, MAX_DATASET_BYTES } from './dataset-upload';

async function* chunks(...lengths: number[]): AsyncGenerator<Uint8Array> {
  for (const length of lengths) yield new Uint8Array(length).fill(length);
}

describe('collectDataset', () => {
  it('puts chunks together in their order', async () => {
    expect(await collectDataset(3, chunks(1, 0, 2))).toEqual(Uint8Array.of(1, 2, 2));
  });

  it.each([
    [0, [0]],
    [-1, [1]],
    [1.5, [1]],
    [MAX_DATASET_BYTES + 1, [1]],
    [3, [1, 1]],
    [3, [2, 2]],
  ])('refuses %d bytes in chunks of %j', async (announced, lengths) => {
    await expect(collectDataset(announced, chunks(...lengths))).rejects.toMatchObject({
      code: 'HOST_DATASET_INVALID',
    });
  });
});
