import type { Check, CheckDetails, CheckResult } from './check';

/** Collects checks in the order in which they were made. */
export class CheckLog {
  readonly #checks: Check[] = [];

  get checks(): readonly Check[] {
    return this.#checks;
  }

  passed(name: string, details: CheckDetails = {}): void {
    this.#add(name, 'passed', details);
  }

  failed(name: string, details: CheckDetails = {}): void {
    this.#add(name, 'failed', details);
  }

  noted(name: string, details: CheckDetails = {}): void {
    this.#add(name, 'noted', details);
  }

  skipped(name: string, details: CheckDetails = {}): void {
    this.#add(name, 'skipped', details);
  }

  /** Takes over the checks of another room. */
  append(checks: readonly Check[]): void {
    this.#checks.push(...checks);
  }

  #add(name: string, result: CheckResult, details: CheckDetails): void {
    this.#checks.push({ name, result, ...details });
  }
}
