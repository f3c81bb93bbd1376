import { silentLogger } from '@touchstone/runtime';
import type { PckCache } from '@touchstone/service-pck-cache';
import { scheduleRefresh } from './schedule';

const cacheOf = (refresh: PckCache['refresh']): PckCache => ({
  refresh,
  refreshCertificates: refresh,
  document: () => Promise.reject(new Error('not asked for here')),
  pckCertificate: () => Promise.reject(new Error('not asked for here')),
  revision: () => 0,
});
const done = { refreshed: 0, failed: [] };

describe('scheduleRefresh', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('refreshes each time, and goes on after a failure', async () => {
    let count = 0;
    const refresh = async () => {
      count += 1;
      if (count === 1) throw new Error('the first one fails');
      return done;
    };
    const end = scheduleRefresh(cacheOf(refresh), 10, silentLogger);
    await jest.advanceTimersByTimeAsync(30_000);
    await end();
    await jest.advanceTimersByTimeAsync(30_000);
    expect(count).toBe(3);
  });

  it('never refreshes twice at once, and waits for the last one at the end', async () => {
    let count = 0;
    let finish = (): void => undefined;
    const refresh = () => {
      count += 1;
      return new Promise<typeof done>((resolve) => (finish = () => resolve(done)));
    };
    const end = scheduleRefresh(cacheOf(refresh), 10, silentLogger);
    await jest.advanceTimersByTimeAsync(50_000);
    expect(count).toBe(1);
    let ended = false;
    const ending = end().then(() => (ended = true));
    await Promise.resolve();
    expect(ended).toBe(false);
    finish();
    await ending;
  });
});
