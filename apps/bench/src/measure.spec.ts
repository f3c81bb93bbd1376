import { measure, median, percentile } from './measure';

describe('percentile', () => {
  it.each([
    ['the middle', [3, 1, 2], 0.5, 2],
    ['the upper middle of an even number', [4, 1, 3, 2], 0.5, 3],
    ['the least', [3, 1, 2], 0, 1],
    ['the most', [3, 1, 2], 1, 3],
    ['99 of 100', Array.from({ length: 100 }, (_, index) => 100 - index), 0.99, 100],
    ['one value', [7], 0.99, 7],
    ['no value', [], 0.5, 0],
  ])('gives %s', (_name, values, share, expected) => {
    expect(percentile(values, share)).toBe(expected);
  });

  it('leaves the values in their order', () => {
    const values = [3, 1, 2];
    expect(median(values)).toBe(2);
    expect(values).toEqual([3, 1, 2]);
  });
});

describe('measure', () => {
  it('times each contender by its name, in as many batches as it is told', () => {
    const runs = { light: 0, heavy: 0 };
    const spin = (turns: number): number => {
      let sum = 0;
      for (let turn = 0; turn < turns; turn++) sum += Math.sqrt(turn);
      return sum;
    };
    const times = measure(
      {
        light: () => spin(10_000 + (runs.light++ & 1)),
        heavy: () => spin(1_000_000 + (runs.heavy++ & 1)),
      },
      { rounds: 3, batchMs: 5, warmMs: 20 },
    );
    expect(Object.keys(times)).toEqual(['light', 'heavy']);
    expect(times.heavy).toBeGreaterThan(times.light);
    expect(runs.light).toBeGreaterThan(runs.heavy);
  });
});
