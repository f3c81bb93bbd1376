import type { Check, CheckDetails } from '@touchstone/decision';
import { CheckLog } from '@touchstone/decision';
import type { VerificationErrorCode } from './verification-error';
import { VerificationError, intelStatusOf } from './verification-error';

/** The way of one verification: every question in the order it was asked. The first failed one ends it. */
export class Trail {
  readonly #log = new CheckLog();

  get checks(): readonly Check[] {
    return this.#log.checks;
  }

  /** The checks made since there were `mark` of them. */
  since(mark: number): readonly Check[] {
    return this.#log.checks.slice(mark);
  }

  /** Takes over checks that were made before, on the same bytes. */
  append(checks: readonly Check[]): void {
    this.#log.append(checks);
  }

  passed(name: string, details?: CheckDetails): void {
    this.#log.passed(name, details);
  }

  noted(name: string, details?: CheckDetails): void {
    this.#log.noted(name, details);
  }

  skipped(name: string, details?: CheckDetails): void {
    this.#log.skipped(name, details);
  }

  /** Records the answer, and ends the verification with `code` when it is no. */
  require(
    name: string,
    ok: boolean,
    code: VerificationErrorCode,
    details: CheckDetails = {},
  ): void {
    if (ok) this.#log.passed(name, details);
    else this.fail(name, code, details);
  }

  /** The value that `work` gives; when it throws, the check failed for that reason. */
  attempt<T>(name: string, code: VerificationErrorCode, work: () => T): T {
    try {
      const value = work();
      this.#log.passed(name);
      return value;
    } catch (cause) {
      return this.fail(
        name,
        code,
        { detail: cause instanceof Error ? cause.message : 'unreadable' },
        cause,
      );
    }
  }

  fail(name: string, code: VerificationErrorCode, details: CheckDetails, cause?: unknown): never {
    const source = intelStatusOf(code);
    this.#log.failed(name, { ...details, code, ...(source === '' ? {} : { source }) });
    throw new VerificationError(code, `${name}: ${describe(details)}`, [...this.#log.checks], {
      field: name,
      cause,
    });
  }
}

function describe({ read, expected, detail }: CheckDetails): string {
  const difference = [
    ...(read === undefined ? [] : [`read ${read}`]),
    ...(expected === undefined ? [] : [`expected ${expected}`]),
  ];
  return [...(detail === undefined ? [] : [detail]), ...difference].join(', ') || 'failed';
}
