import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type Finding, Session, type SessionFacts } from './session';
import { shrink } from './shrink';
import type { FuzzTarget } from './target';

/** What a parser may hold on to over a whole run, beyond what the session keeps. */
export const MAX_GROWTH_BYTES = 24 * 1024 * 1024;
/** A parser with that many different faults has said enough. */
const MAX_FINDINGS = 5;
/** Caches and compiled code are there after so many executions, or a fifth of the time. */
const WARM_EXECUTIONS = 2000;
const WARM_SHARE = 5;
const COLLECTIONS = 3;

/** How long a run lasts: the first limit that is reached ends it. */
export interface Limits {
  readonly executions?: number;
  readonly ms?: number;
}

export interface TargetReport extends SessionFacts {
  readonly target: string;
  readonly ms: number;
  readonly growthBytes: number;
  readonly findings: readonly Finding[];
}

/** What is told before and after each execution, so that somebody outside notices when one never ends. */
export interface Watch {
  before(input: Uint8Array): void;
}

/** Runs a target until a limit is reached. */
export function runTarget(
  target: FuzzTarget,
  seed: string,
  { executions = Infinity, ms = Infinity }: Limits,
  watch?: Watch,
): TargetReport {
  const session = new Session(target, seed);
  const found = new Map<string, Finding>();
  const memory = new MemoryWatch(session);
  const started = performance.now();
  const frames = Error.stackTraceLimit;
  // Refusals are errors, and their stacks would be most of the work.
  Error.stackTraceLimit = 0;
  try {
    for (let done = 0; done < executions && found.size < MAX_FINDINGS; done++) {
      const elapsed = performance.now() - started;
      if (elapsed >= ms) break;
      if (done === WARM_EXECUTIONS || elapsed * WARM_SHARE > ms) memory.warm();
      const input = session.next();
      watch?.before(input);
      const finding = session.run(input);
      if (finding) keepFinding(found, target, finding);
    }
  } finally {
    Error.stackTraceLimit = frames;
  }
  const growthBytes = memory.growth();
  // Telling a fault takes memory of its own: stacks, and the source maps behind them.
  if (growthBytes > MAX_GROWTH_BYTES && found.size === 0) {
    const what = `${growthBytes} bytes more than after warming up`;
    found.set('memory', session.finding('memory', what, new Uint8Array()));
  }
  return {
    target: target.name,
    ms: performance.now() - started,
    growthBytes,
    findings: [...found.values()],
    ...session.facts,
  };
}

/** One finding of each kind and place. */
function keepFinding(found: Map<string, Finding>, target: FuzzTarget, finding: Finding): void {
  const place = finding.what.split('\n', 2).join(' ').replace(/\d+/g, '#');
  if (!found.has(place)) found.set(place, shrink(target, finding));
}

/** Heap and buffers after a collection, less what the session keeps: first when warm, then at the end. */
class MemoryWatch {
  readonly #session: Session;
  #warm: number | undefined;

  constructor(session: Session) {
    this.#session = session;
  }

  warm(): void {
    this.#warm ??= this.#held();
  }

  growth(): number {
    return this.#warm === undefined ? 0 : Math.max(0, this.#held() - this.#warm);
  }

  #held(): number {
    // Once more for what the first collection set free to be collected.
    for (let round = 0; round < COLLECTIONS; round++) collectGarbage();
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external - this.#session.keptBytes;
  }
}

let collect: (() => void) | undefined;

function collectGarbage(): void {
  if (collect === undefined) {
    setFlagsFromString('--expose-gc');
    collect = runInNewContext('gc') as () => void;
  }
  collect();
}
