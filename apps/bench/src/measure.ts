/** Something that is done again and again. */
export type Work = () => unknown;

export interface MeasureOptions {
  /** Batches of each contender; their median counts. */
  readonly rounds: number;
  /** Processor time of one batch, about. */
  readonly batchMs: number;
  /** Processor time beforehand, for the compiler. */
  readonly warmMs?: number;
}

const WARM_MS = 700;
const MIN_WARM_RUNS = 3;

/**
 * Processor milliseconds for one run of each contender. They take turns, so that whatever else the machine does falls on all
 * of them alike, and it is processor time that counts, not what a clock on the wall says.
 */
export function measure<Name extends string>(
  contenders: Readonly<Record<Name, Work>>,
  { rounds, batchMs, warmMs = WARM_MS }: MeasureOptions,
): Record<Name, number> {
  const lanes = (Object.entries(contenders) as [Name, Work][]).map(([name, work]) => ({
    name,
    work,
    runs: Math.max(1, Math.round(batchMs / warm(work, warmMs))),
    samples: [] as number[],
  }));
  for (let round = 0; round < rounds; round++) {
    for (const { work, runs, samples } of lanes) samples.push(timed(work, runs) / runs);
  }
  return Object.fromEntries(lanes.map(({ name, samples }) => [name, median(samples)])) as Record<
    Name,
    number
  >;
}

/** Runs until the compiler has had its chance; answers about how long one takes then. */
function warm(work: Work, warmMs: number): number {
  const started = cpuMs();
  let runs = 0;
  while (runs < MIN_WARM_RUNS || cpuMs() - started < warmMs) {
    work();
    runs += 1;
  }
  return Math.max((cpuMs() - started) / runs, 1e-4);
}

function timed(work: Work, runs: number): number {
  const started = cpuMs();
  for (let run = 0; run < runs; run++) work();
  return cpuMs() - started;
}

export function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

/** The value below which this share of the values lies. */
export function percentile(values: ArrayLike<number>, share: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
