import { loadDigits, MAX_PER_DIGIT } from '.';

describe('loadDigits', () => {
  it('has the digits take turns', async () => {
    const { labels, pixels, rows, columns } = await loadDigits(2);
    expect([...labels]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(pixels).toHaveLength(labels.length * rows * columns);
  });

  it('has ink on every image, up to the most that there are', async () => {
    const { pixels, rows, columns, labels } = await loadDigits(MAX_PER_DIGIT);
    const size = rows * columns;
    const blank = [...labels.keys()].filter((image) =>
      pixels.subarray(image * size, (image + 1) * size).every((pixel) => pixel === 0),
    );
    expect(blank).toEqual([]);
  });

  it('refuses more than there are', async () => {
    await expect(loadDigits(MAX_PER_DIGIT + 1)).rejects.toThrow(RangeError);
  });
});
