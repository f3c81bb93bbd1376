import type { CachedDocument, Clock, DocumentCache, Logger } from '@touchstone/ports';
import type { Collateral } from '@touchstone/collateral';
import type { CollateralSource } from '../collateral-source';

export interface MovingClock extends Clock {
  advance(milliseconds: number): void;
}

export function movingClock(at: Date): MovingClock {
  let now = at.getTime();
  return {
    now: () => new Date(now),
    advance: (milliseconds) => {
      now += milliseconds;
    },
  };
}

/** A logger that keeps what it is told. */
export function listeningLogger(): Logger & { readonly warnings: string[] } {
  const warnings: string[] = [];
  const logger: Logger & { readonly warnings: string[] } = {
    warnings,
    debug: () => undefined,
    info: () => undefined,
    warn: (message) => {
      warnings.push(message);
    },
    error: () => undefined,
    child: () => logger,
  };
  return logger;
}

export function memoryDocuments(): DocumentCache & {
  readonly documents: Map<string, CachedDocument>;
} {
  const documents = new Map<string, CachedDocument>();
  return {
    documents,
    get: async (key) => documents.get(key),
    keys: async (prefix) => [...documents.keys()].filter((key) => key.startsWith(prefix)).sort(),
    put: async (puts) => {
      for (const document of puts) documents.set(document.key, document);
    },
    delete: async (key) => {
      documents.delete(key);
    },
  };
}

/** A source that serves what a test tells it to, and counts how often it is asked. */
export function toldSource(first: Collateral | undefined | Error) {
  let answer = first;
  let asked = 0;
  const source: CollateralSource = {
    async fetch() {
      asked += 1;
      await new Promise(setImmediate);
      if (answer instanceof Error) throw answer;
      return answer;
    },
  };
  return {
    source,
    asked: () => asked,
    tell: (next: Collateral | undefined | Error) => {
      answer = next;
    },
  };
}
