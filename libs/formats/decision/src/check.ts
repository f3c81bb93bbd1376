/** `noted`: a fact that decided nothing by itself; `skipped`: deliberately not looked at, and said so. */
export type CheckResult = 'passed' | 'failed' | 'noted' | 'skipped';

export interface CheckDetails {
  /** What was read, as text a person can compare with `expected`. Never a secret. */
  readonly read?: string;
  readonly expected?: string;
  readonly detail?: string;
  /** The stable code of the failure, ours. */
  readonly code?: string;
  /** The name that the specification or Intel's library gives the failure. */
  readonly source?: string;
}

/** One question that was asked on the way to a decision. */
export interface Check extends CheckDetails {
  /** kebab-case and stable, such as `pck-crl-signature`. */
  readonly name: string;
  readonly result: CheckResult;
}
