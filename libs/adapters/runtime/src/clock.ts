import type { Clock } from '@touchstone/ports';

export interface SystemClockOptions {
  /** What the clock shows at the moment it is made; it runs on from there. */
  readonly now?: Date;
}

/** The system's clock, or the system's clock shifted so that it starts at `now`. */
export function systemClock(options: SystemClockOptions = {}): Clock {
  const offset = options.now === undefined ? 0 : options.now.getTime() - Date.now();
  return { now: () => new Date(Date.now() + offset) };
}
