import path from 'node:path';
import type { TargetReport } from './run';
import { supervise } from './supervise';

const script = path.join(__dirname, '__fixtures__/stuck-worker.mjs');
const STUCK_MS = 100;

async function reportsOf(...targets: readonly string[]): Promise<readonly TargetReport[]> {
  const reports: TargetReport[] = [];
  const orders = targets.map((target) => ({ target, seed: '0', limits: {} }));
  await supervise(script, orders, (report) => reports.push(report), STUCK_MS);
  return reports;
}

describe('supervise', () => {
  it('hands on what a worker tells', async () => {
    const reports = await reportsOf('one', 'two');
    expect(reports.map(({ target }) => target)).toEqual(['one', 'two']);
    expect(reports.flatMap(({ findings }) => findings)).toEqual([]);
  });

  it('ends a worker that never answers, says what it was reading, and goes on', async () => {
    const reports = await reportsOf('stuck', 'two');
    expect(reports).toMatchObject([
      { target: 'stuck', findings: [{ kind: 'hang', input: Uint8Array.of(1, 2, 3) }] },
      { target: 'two', findings: [] },
    ]);
  });

  it('survives a worker that dies', async () => {
    const reports = await reportsOf('dying', 'two');
    expect(reports).toMatchObject([
      { target: 'dying', findings: [{ kind: 'error', what: 'Error: gone' }] },
      { target: 'two', findings: [] },
    ]);
  });
});
