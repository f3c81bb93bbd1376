import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { fromHex, toHex } from '@touchstone/bytes';

export const USAGE = `usage: fuzz [options]
  --seconds N       how long, all targets together (60)
  --executions N    for each target, in place of a time
  --target NAME     only this one; may be repeated
  --seed HEX        what the inputs are drawn from (random)
  --workers N       threads (one for each core)
  --replay HEX      runs one input through the one target, and nothing else
  --list            names of the targets
  --json            one JSON document`;

const DEFAULT_SECONDS = 60;
const SEED_BYTES = 8;

export interface Options {
  readonly seconds: number;
  readonly executions?: number;
  readonly targets: readonly string[];
  readonly seed: string;
  readonly workers: number;
  readonly replay?: Uint8Array;
  readonly list: boolean;
  readonly json: boolean;
}

/** Arguments that make no sense; the message says which. */
export class UsageError extends Error {}

/** @throws UsageError */
export function parseOptions(args: readonly string[]): Options {
  const { values } = parsed(args);
  const seed = values.seed ?? toHex(randomBytes(SEED_BYTES));
  if (!/^[0-9a-f]+$/i.test(seed)) throw new UsageError('--seed must be hex');
  const executions = count('--executions', values.executions);
  const replay = values.replay === undefined ? undefined : bytes(values.replay);
  const targets = values.target ?? [];
  if (replay !== undefined && targets.length !== 1)
    throw new UsageError('--replay needs one --target');
  return {
    seconds: count('--seconds', values.seconds) ?? DEFAULT_SECONDS,
    ...(executions !== undefined && { executions }),
    targets,
    seed,
    workers: count('--workers', values.workers) ?? availableParallelism(),
    ...(replay !== undefined && { replay }),
    list: values.list ?? false,
    json: values.json ?? false,
  };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        seconds: { type: 'string' },
        executions: { type: 'string' },
        target: { type: 'string', multiple: true },
        seed: { type: 'string' },
        workers: { type: 'string' },
        replay: { type: 'string' },
        list: { type: 'boolean' },
        json: { type: 'boolean' },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function count(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^[1-9]\d{0,9}$/.test(text)) return Number(text);
  throw new UsageError(`${name} must be a whole number above zero`);
}

function bytes(hex: string): Uint8Array {
  try {
    return fromHex(hex);
  } catch {
    throw new UsageError('--replay must be hex');
  }
}
