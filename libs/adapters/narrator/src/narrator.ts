/** One thing that happened, with who did it and the values that matter. */
export interface Step {
  readonly party: string;
  readonly what: string;
  readonly values: Readonly<Record<string, string | number | boolean>>;
  /** Milliseconds that it took. */
  readonly milliseconds: number;
}

/** Keeps the steps of a run, and tells each as it happens. */
export class Narrator {
  readonly steps: Step[] = [];
  readonly #tell: (step: Step) => void;
  #since = performance.now();

  constructor(tell: (step: Step) => void) {
    this.#tell = tell;
  }

  /** Tells of a step that has just ended; it began when the one before it ended. */
  step(party: string, what: string, values: Step['values'] = {}): void {
    const now = performance.now();
    const step = { party, what, values, milliseconds: Math.round(now - this.#since) };
    this.#since = now;
    this.steps.push(step);
    this.#tell(step);
  }
}

const PARTY_COLUMNS = 20;

/** A step as a person reads it: the party in its own column, the values below. */
export function renderStep({ party, what, values, milliseconds }: Step): string {
  const indent = ' '.repeat(PARTY_COLUMNS);
  const lines = [
    `${party.padEnd(PARTY_COLUMNS)}${what}  (${milliseconds} ms)`,
    ...Object.entries(values).map(([name, value]) => `${indent}  ${name}: ${value}`),
  ];
  return `${lines.join('\n')}\n`;
}
