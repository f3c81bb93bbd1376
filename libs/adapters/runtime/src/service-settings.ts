import path from 'node:path';
import type { EnvReader } from './env';
import { LOG_LEVELS, type LogLevel } from './logger';

/** What every service of the house reads from its environment. */
export interface ServiceSettings {
  /** Absolute path of the state folder (`TOUCHSTONE_HOME`). */
  readonly home: string;
  /** Address to listen on (`TOUCHSTONE_HOST`). */
  readonly host: string;
  readonly logLevel: LogLevel;
  /** What the clock shows at start (`TOUCHSTONE_NOW`). */
  readonly now?: Date;
  /** A PostgreSQL server instead of a file in the state folder (`DATABASE_URL`). */
  readonly databaseUrl?: string;
  /** Origins that are reached at another address (`TOUCHSTONE_ORIGIN_MAP`, a JSON object from origin to origin). */
  readonly originMap: Readonly<Record<string, string>>;
}

export const DEFAULT_HOME = '.touchstone';
export const DEFAULT_HOST = '127.0.0.1';

export function readServiceSettings(env: EnvReader): ServiceSettings {
  const now = env.date('TOUCHSTONE_NOW');
  const databaseUrl = env.optional('DATABASE_URL');
  return {
    home: path.resolve(env.text('TOUCHSTONE_HOME', DEFAULT_HOME)),
    host: env.text('TOUCHSTONE_HOST', DEFAULT_HOST),
    logLevel: env.oneOf('TOUCHSTONE_LOG_LEVEL', LOG_LEVELS, 'info'),
    originMap: env.json('TOUCHSTONE_ORIGIN_MAP', readOriginMap, {}),
    ...(now !== undefined && { now }),
    ...(databaseUrl !== undefined && { databaseUrl }),
  };
}

function readOriginMap(value: unknown): Readonly<Record<string, string>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new TypeError('an object from origin to origin');
  }
  return Object.fromEntries(
    Object.entries(value).map(([from, to]) => [originOf(from), originOf(to)]),
  );
}

function originOf(value: unknown): string {
  if (typeof value !== 'string' || !URL.canParse(value))
    throw new TypeError('an origin such as https://host');
  return new URL(value).origin;
}

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|::1|\[::1\])$/;

/** Whether only this machine can reach a server that listens on `host`. */
export function isLoopback(host: string): boolean {
  return LOOPBACK.test(host);
}
