/** One thing that happened, with who did it and the values that matter. */
export interface Step {
  readonly party: string;
  readonly what: string;
  readonly values: Readonly<Record<string, string | number | boolean>>;
  /** Why it is done, for who sees such a flow for the first time. */
  readonly why?: string;
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
  step(party: string, what: string, values: Step['values'] = {}, why?: string): void {
    const now = performance.now();
    const step: Step = {
      party,
      what,
      values,
      ...(why !== undefined && { why }),
      milliseconds: Math.round(now - this.#since),
    };
    this.#since = now;
    this.steps.push(step);
    this.#tell(step);
  }
}

const PARTY_COLUMNS = 20;

/** A step as a person reads it: the party in its own column, the reason and the values below. */
export function renderStep({ party, what, values, why, milliseconds }: Step): string {
  const indent = ' '.repeat(PARTY_COLUMNS);
  const lines = [
    `${party.padEnd(PARTY_COLUMNS)}${what}  (${milliseconds} ms)`,
    ...(why === undefined ? [] : [`${indent}  ${why}`]),
    ...Object.entries(values).map(([name, value]) => `${indent}  ${name}: ${value}`),
  ];
  return `${lines.join('\n')}\n`;
}
