/** One line of the result. Names are stable: what compares two runs goes by them. */
export interface Row {
  readonly name: string;
  /**
   * `ms` is processor time for one; `1/s/core` is how many one core of the server manages in a second; `MiB/s` is what goes
   * through by the clock, on this machine as it is.
   */
  readonly unit: 'ms' | '1/s/core' | 'MiB/s';
  readonly ours: number;
  /** What the cryptography alone takes or allows, measured in the same run. */
  readonly floor?: number;
  readonly peer?: number;
  /** `ours / floor`: for times 1 is the best there is and more is slower, for rates 1 is the best and less is slower. */
  readonly toFloor?: number;
  /** How many times faster than the peer. */
  readonly toPeer?: number;
  /** Milliseconds that callers waited, half of them and 99 of 100 at most. */
  readonly p50?: number;
  readonly p99?: number;
  /** Most memory that the server has held, MiB. */
  readonly peakMiB?: number;
  readonly note?: string;
}

export interface BenchDocument {
  readonly machine: string;
  readonly rows: readonly Row[];
}

const rounded = (value: number): number => Number(value.toPrecision(4));

interface Compared {
  readonly floor?: number | undefined;
  readonly peer?: number | undefined;
}

/** A row about times, with its ratios. */
export function timeRow(
  name: string,
  ours: number,
  { floor, peer }: Compared = {},
  note?: string,
): Row {
  return {
    name,
    unit: 'ms',
    ours: rounded(ours),
    ...(floor !== undefined && { floor: rounded(floor), toFloor: rounded(ours / floor) }),
    ...(peer !== undefined && { peer: rounded(peer), toPeer: rounded(peer / ours) }),
    ...(note !== undefined && { note }),
  };
}

/** A row about throughput, by the clock. */
export const throughputRow = (name: string, ours: number, floor: number, note: string): Row => ({
  name,
  unit: 'MiB/s',
  ours: rounded(ours),
  floor: rounded(floor),
  toFloor: rounded(ours / floor),
  note,
});

/** A row about rates, from processor milliseconds for one. */
export function rateRow(
  name: string,
  msEach: number,
  floorMs: number | undefined,
  rest: Pick<Row, 'p50' | 'p99' | 'peakMiB' | 'note'> = {},
): Row {
  const { p50, p99, peakMiB, note } = rest;
  return {
    name,
    unit: '1/s/core',
    ours: rounded(1000 / msEach),
    ...(floorMs !== undefined && {
      floor: rounded(1000 / floorMs),
      toFloor: rounded(floorMs / msEach),
    }),
    ...(p50 !== undefined && { p50: rounded(p50) }),
    ...(p99 !== undefined && { p99: rounded(p99) }),
    ...(peakMiB !== undefined && { peakMiB: rounded(peakMiB) }),
    ...(note !== undefined && { note }),
  };
}
