import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { ConfigError } from './env';

export const WORKERS_OPTION = 'workers';
export const WORKERS_VARIABLE = 'TOUCHSTONE_WORKERS';
export const MAX_WORKERS = 256;

/**
 * How many processes a service is to be: `--workers N`, or else `TOUCHSTONE_WORKERS`, or else one; `all` is one for each core.
 *
 * @throws ConfigError CONFIG_INVALID, for any other argument too
 */
export function workerCount(args: readonly string[], env: NodeJS.ProcessEnv): number {
  const given = option(args);
  const name = given === undefined ? WORKERS_VARIABLE : `--${WORKERS_OPTION}`;
  const text = given ?? env[WORKERS_VARIABLE] ?? '';
  if (text === '') return 1;
  if (text === 'all') return availableParallelism();
  const count = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (count >= 1 && count <= MAX_WORKERS) return count;
  throw new ConfigError([
    { name, problem: `must be a whole number from 1 to ${MAX_WORKERS}, or all` },
  ]);
}

function option(args: readonly string[]): string | undefined {
  try {
    const options = { [WORKERS_OPTION]: { type: 'string' } } as const;
    return parseArgs({ args: [...args], options }).values[WORKERS_OPTION];
  } catch {
    throw new ConfigError([
      { name: 'arguments', problem: `must be none but --${WORKERS_OPTION} N` },
    ]);
  }
}
