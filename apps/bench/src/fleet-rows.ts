import { forked, next } from './child-process';
import { type Row, timeRow } from './row';
import type { FleetJob, FleetResult } from './verify-fleet';
import { WARM_VERIFICATIONS } from './verify-rows';

/** Name of a row, and how many platforms take turns in it, each in a process of its own. */
const FLEETS = { 'verify.sgx.p100': 100, 'verify.sgx.p10000': 10_000 } as const;

/** Ten thousand platforms are made in about a minute. */
const TIMEOUT_MS = 600_000;

/** So many quotes are verified in a row, whatever the number of platforms. */
const QUOTES = 20_000;

/** How verification grows with the number of distinct platforms, and what a verifier then holds. */
export async function* fleetRows(isWanted: (name: string) => boolean): AsyncGenerator<Row> {
  for (const [name, platforms] of Object.entries(FLEETS).filter(([each]) => isWanted(each))) {
    const passes = Math.max(2, Math.round(QUOTES / platforms));
    const { cpuMsEach, p256Ms, peakMiB } = await runFleet({ platforms, passes });
    const note = `${platforms} platforms in turn; the memory holds their quotes too`;
    const row = timeRow(name, cpuMsEach, { floor: WARM_VERIFICATIONS * p256Ms }, note);
    yield { ...row, peakMiB: Math.round(peakMiB) };
  }
}

/** In a process of its own, so that its memory is their memory. */
async function runFleet(job: FleetJob): Promise<FleetResult> {
  return (await next(forked({ kind: 'fleet', job }), 'fleet', TIMEOUT_MS)).result;
}
