import { readFile } from 'node:fs/promises';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { createHttpClient } from '@touchstone/http-client';
import { DEFAULT_ANNOUNCE_SECONDS } from '@touchstone/server-attestation';
import { readEndpoints, resolveHome } from '../home';
import { renderKeys } from '../keys/render-keys';
import { createSigningKeys, type RegionKeysView, type SigningKeys } from '../keys/signing-keys';

interface KeysOptions {
  readonly provider?: string;
  readonly service: string;
  readonly home?: string;
  readonly json?: boolean;
}

/** The one service whose keys rotate. */
const SERVICES = ['attestation-service'];

const HELP = `
A new key is published at once and signs when its announcement has passed; old tokens verify until the last of them ends. Keys
belong to regions: those of the shared providers and of every provider there rotate together.`;

/** `touchstone keys …`: the keys that sign tokens, on a running ecosystem. */
export function addKeys(program: Command): void {
  const keys = program.command('keys').description('the keys that sign tokens: show and rotate');
  subcommand(keys, 'list', 'all that are published').action((options: KeysOptions) =>
    within(options, (signing) => signing.list(options.provider)),
  );
  subcommand(keys, 'rotate', 'a new key, and the old one leaves when no token needs it any more')
    .option(
      '--announce <seconds>',
      `how long the new key is published before it signs (default: ${DEFAULT_ANNOUNCE_SECONDS})`,
      parseSeconds,
    )
    .addHelpText('after', HELP)
    .action((options: KeysOptions & { readonly announce?: number }) =>
      within(options, (signing) => signing.rotate(options.provider, options.announce)),
    );
}

const subcommand = (keys: Command, usage: string, what: string): Command =>
  keys
    .command(usage)
    .description(what)
    .option('--provider <name>', 'only in the region of this provider')
    .addOption(new Option('--service <name>', 'whose').choices(SERVICES).default(SERVICES[0]))
    .option('--home <folder>', 'state folder of the running ecosystem')
    .option('--json', 'print one JSON document');

/** Exit code 1 when something was not done somewhere. */
async function within(
  { home, json }: KeysOptions,
  action: (keys: SigningKeys) => Promise<readonly RegionKeysView[]>,
): Promise<void> {
  const endpoints = await readEndpoints(resolveHome(home, process.env));
  const http = createHttpClient({ ca: await readFile(endpoints.ca, 'utf8') });
  try {
    const regions = await action(createSigningKeys(endpoints, http));
    if (regions.some((region) => 'error' in region)) process.exitCode = 1;
    process.stdout.write(json ? `${JSON.stringify({ regions })}\n` : renderKeys(regions));
  } finally {
    await http.close();
  }
}

function parseSeconds(text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('expected a number of seconds');
}
