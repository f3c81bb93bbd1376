import type { Clock } from '@touchstone/ports';

/** The instant of every test that does not say otherwise. */
export const TEST_NOW = new Date('2026-11-22T12:00:00Z');

/** A clock that moves only when it is told to. */
export interface FixedClock extends Clock {
  advance(milliseconds: number): void;
  set(at: Date): void;
}

export function fixedClock(at: Date = TEST_NOW): FixedClock {
  let now = at.getTime();
  return {
    now: () => new Date(now),
    advance: (milliseconds) => {
      now += milliseconds;
    },
    set: (other) => {
      now = other.getTime();
    },
  };
}
