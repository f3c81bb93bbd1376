import { parseQuote } from '@touchstone/quote';
import { aPlatform, collateralOf } from '@touchstone/testkit';
import { createQuoteVerifier } from '@touchstone/verification';
import { fleetQuotes } from './fleet';
import { cryptoFloor } from './floor';
import { cpuMs, measure } from './measure';
import { usage } from './usage';

export interface FleetJob {
  readonly platforms: number;
  /** Passes over all quotes, of which the best counts. */
  readonly passes: number;
}

export interface FleetResult {
  /** Processor time for one quote. */
  readonly cpuMsEach: number;
  readonly p256Ms: number;
  readonly peakMiB: number;
}

const REPORT_DATA = new Uint8Array(64);
const FLOOR = { rounds: 5, batchMs: 20 };

/** Verifies one quote of each platform in turn, by one verifier with what it remembers unless told otherwise. */
export function verifyFleet({ platforms, passes }: FleetJob): FleetResult {
  const platform = aPlatform({ seed: 'bench', model: 'simulated-e5' });
  const { authority, at } = platform;
  const quotes = [...fleetQuotes(platform, platforms, REPORT_DATA)];
  const collateral = collateralOf(platform);
  const verifier = createQuoteVerifier({ anchors: [authority.anchor] });
  const pass = (): number => {
    const started = cpuMs();
    for (const quote of quotes) verifier.verify(parseQuote(quote), collateral, at);
    return (cpuMs() - started) / quotes.length;
  };
  // What is remembered must have been seen once.
  pass();
  const cpuMsEach = Math.min(...Array.from({ length: passes }, pass));
  const { p256 } = measure({ p256: cryptoFloor().p256Verify }, FLOOR);
  return { cpuMsEach, p256Ms: p256, peakMiB: usage().peakMiB };
}
