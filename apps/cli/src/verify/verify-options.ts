import path from 'node:path';
import { CodedError } from '@touchstone/errors';
import { readEnv, systemClock } from '@touchstone/runtime';
import type { Anchors } from '@touchstone/service-verifier';
import { INTEL_ANCHORS, parseAnchors } from '@touchstone/service-verifier';
import { readGiven } from './given-files';

export class UsageError extends CodedError<'USAGE'> {}

const ZONE = /(?:Z|[+-]\d\d:?\d\d)$/;
const DAY = /^\d{4}-\d\d-\d\d$/;

/** ISO 8601; a day is its first instant, and a time without a zone is UTC. @throws UsageError */
export function parseInstant(text: string): Date {
  const zoned = DAY.test(text) || ZONE.test(text) ? text : `${text}Z`;
  const at = new Date(zoned);
  if (/^\d{4}-\d\d-\d\d/.test(text) && !Number.isNaN(at.getTime())) return at;
  throw new UsageError('USAGE', `--at ${text} is no instant such as 2026-01-31T12:00:00Z`, {
    field: 'at',
  });
}

/** `intel`, or a file with a root certificate or key; each given one is believed. @throws FileError, VerifierError */
export async function readAnchors(names: readonly string[]): Promise<Anchors> {
  if (names.length === 0) return INTEL_ANCHORS;
  const sets = await Promise.all(
    names.map(async (name) =>
      name === 'intel' ? INTEL_ANCHORS : parseAnchors(await readGiven(name), path.basename(name)),
    ),
  );
  return {
    quote: sets.flatMap(({ quote }) => quote),
    report: sets.flatMap(({ report }) => report),
  };
}

/** @throws UsageError */
export function parsePccsUrl(text: string): string {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text;
  throw new UsageError('USAGE', `--pccs ${text} is no http or https address`, { field: 'pccs' });
}

/** Now, or what `TOUCHSTONE_NOW` says that it is. @throws ConfigError */
export function presentInstant(env: NodeJS.ProcessEnv): Date {
  const now = readEnv(env, (values) => values.date('TOUCHSTONE_NOW'));
  return systemClock(now === undefined ? {} : { now }).now();
}
