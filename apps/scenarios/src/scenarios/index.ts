import type { Scenario } from '../frame/scenario';

/** In the order of the help text. */
export const SCENARIOS: readonly Scenario[] = [];
