import { systemClock } from './clock';

describe('systemClock', () => {
  it('shows the time of the machine', () => {
    expect(Math.abs(systemClock().now().getTime() - Date.now())).toBeLessThan(1_000);
  });

  it('starts where it is told to, and runs on', () => {
    jest.useFakeTimers({ now: 1_000_000 });
    try {
      const clock = systemClock({ now: new Date('2030-01-01T00:00:00Z') });
      expect(clock.now().toISOString()).toBe('2030-01-01T00:00:00.000Z');
      jest.advanceTimersByTime(1_500);
      expect(clock.now().toISOString()).toBe('2030-01-01T00:00:01.500Z');
    } finally {
      jest.useRealTimers();
    }
  });
});
