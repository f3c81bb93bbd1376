import { cpuMs } from './measure';

/** What a process has used up so far. */
export interface Usage {
  readonly cpuMs: number;
  /** Most memory that it has ever held, MiB. */
  readonly peakMiB: number;
}

const KIBIBYTES_PER_MEBIBYTE = 1024;

export const usage = (): Usage => ({
  cpuMs: cpuMs(),
  peakMiB: process.resourceUsage().maxRSS / KIBIBYTES_PER_MEBIBYTE,
});
