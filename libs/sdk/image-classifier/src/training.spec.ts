import type { Dataset } from './dataset';
import { heldOutAccuracy } from './evaluation';
import { train, TRAINING } from './training';

const SIZE = 16;

/** Two classes: bright above, or bright below. */
function halves(count: number, training: number): Dataset {
  const labels = Uint8Array.from({ length: count }, (_, i) => i % 2);
  const pixels = Uint8Array.from({ length: count * SIZE }, (_, i) => {
    const below = i % SIZE >= SIZE / 2 ? 1 : 0;
    return below === labels[Math.floor(i / SIZE)] ? 150 + (i % 90) : i % 90;
  });
  return { rows: 4, columns: 4, classes: 2, training, pixels, labels };
}

const silent = async (): Promise<void> => undefined;

describe('train', () => {
  it('learns what tells the classes apart', async () => {
    const dataset = halves(120, 100);
    const { model } = await train(dataset, silent);
    expect(heldOutAccuracy(model, dataset)).toBe(1);
  });

  it('cannot tell a class that it never saw', async () => {
    const dataset = halves(120, 100);
    const labels = dataset.labels.map((label, i) => (i < dataset.training ? 0 : label));
    const { model } = await train({ ...dataset, labels }, silent);
    expect(heldOutAccuracy(model, dataset)).toBe(0.5);
  });

  it('gives the same model for the same data', async () => {
    const once = await train(halves(60, 50), silent);
    expect(await train(halves(60, 50), silent)).toEqual(once);
  });

  it('tells of each pass over the data', async () => {
    const epochs: number[] = [];
    await train(halves(60, 50), async ({ epoch }) => void epochs.push(epoch));
    expect(epochs).toEqual(Array.from({ length: TRAINING.epochs }, (_, i) => i + 1));
  });
});
