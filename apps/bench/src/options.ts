import { parseArgs } from 'node:util';

export const USAGE = `usage: bench [options]
  --json         one JSON document
  --only NAME    only rows whose name is this or begins with it and a dot; may be repeated
  --seconds N    of load in each window of a row about a service (3)
  --windows N    of load for each row about a service, of which the best counts (3)
  --rounds N     batches for each row about a time (45)
  --profile DIR  a profile of each service under load is written there`;

export interface Options {
  readonly json: boolean;
  readonly only: readonly string[];
  readonly seconds: number;
  readonly windows: number;
  readonly rounds: number;
  readonly profile?: string;
}

const DEFAULT_SECONDS = 3;
const DEFAULT_WINDOWS = 3;
const DEFAULT_ROUNDS = 45;

/** Arguments that make no sense; the message says which. */
export class UsageError extends Error {}

/** @throws UsageError */
export function parseOptions(args: readonly string[]): Options {
  const { values } = parsed(args);
  return {
    json: values.json ?? false,
    only: values.only ?? [],
    seconds: count('--seconds', values.seconds) ?? DEFAULT_SECONDS,
    windows: count('--windows', values.windows) ?? DEFAULT_WINDOWS,
    rounds: count('--rounds', values.rounds) ?? DEFAULT_ROUNDS,
    ...(values.profile !== undefined && { profile: values.profile }),
  };
}

/** Whether a row, or a group of rows, is asked for. */
export const wanted = ({ only }: Pick<Options, 'only'>, name: string): boolean =>
  only.length === 0 || only.some((each) => name === each || name.startsWith(`${each}.`));

/** Whether rows below the name may be wanted, or the name itself. */
export const mayHold = (options: Pick<Options, 'only'>, name: string): boolean =>
  wanted(options, name) || options.only.some((each) => each.startsWith(`${name}.`));

/**
 * Each name that was asked for gave a row.
 *
 * @throws UsageError
 */
export function requireNamed(
  { only }: Pick<Options, 'only'>,
  rows: readonly { readonly name: string }[],
): void {
  const nothing = only.filter((name) => !rows.some((row) => wanted({ only: [name] }, row.name)));
  if (nothing.length > 0) throw new UsageError(`no row is called ${nothing.join(', ')}`);
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        json: { type: 'boolean' },
        only: { type: 'string', multiple: true },
        seconds: { type: 'string' },
        windows: { type: 'string' },
        rounds: { type: 'string' },
        profile: { type: 'string' },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function count(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^[1-9]\d{0,4}$/.test(text)) return Number(text);
  throw new UsageError(`${name} must be a whole number above zero`);
}
