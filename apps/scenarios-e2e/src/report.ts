import type { Ran } from './stand';

export interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly read?: string;
  readonly explanation?: string;
}

/** What `--json` prints. */
export interface Report {
  readonly scenario: string;
  readonly ok: boolean;
  readonly steps: readonly { readonly party: string; readonly what: string }[];
  readonly checks: readonly Check[];
}

/** The one document on stdout; a run that went wrong shows why. */
export function reportOf({ code, stdout, stderr }: Ran): Report {
  try {
    const report = JSON.parse(stdout) as Report;
    if (code === 0 && report.ok) return report;
  } catch {
    // As below.
  }
  throw new Error(`exit code ${String(code)}\n${stdout}\n${stderr}`);
}
