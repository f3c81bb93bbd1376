import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { Option, type Command } from 'commander';
import { createHttpClient } from '@touchstone/http-client';
import { createProviders, type Providers, type ProviderView } from '@touchstone/server-ecosystem';
import { readEndpoints, resolveHome } from '../home';

interface ProviderOptions {
  readonly home?: string;
  readonly json?: boolean;
}

interface CreateOptions extends ProviderOptions {
  readonly location: string;
  readonly trust: 'aad' | 'isolated';
  readonly signers?: string;
}

const POLL_MS = 100;

/** `touchstone provider …`: attestation providers of one's own, on a running ecosystem. */
export function addProvider(program: Command): void {
  const provider = program
    .command('provider')
    .description('make, show and delete attestation providers of your own');
  subcommand(provider, 'create <name>', 'make a provider, and wait until it is ready')
    .requiredOption('--location <place>', 'such as eastus2')
    .addOption(new Option('--trust <model>').choices(['aad', 'isolated']).default('aad'))
    .option('--signers <file>', 'PEM certificates that sign policies; for isolated ones')
    .action((name: string, options: CreateOptions, command: Command) => {
      if ((options.trust === 'isolated') !== (options.signers !== undefined))
        command.error('an isolated provider has --signers, and no other has');
      return within(options, (providers) => create(providers, name, options));
    });
  subcommand(provider, 'list', 'all of them').action((options: ProviderOptions) =>
    within(options, (providers) => providers.list()),
  );
  subcommand(provider, 'show <name>', 'one of them').action(
    (name: string, options: ProviderOptions) =>
      within(options, async (providers) => [await providers.show(name)]),
  );
  subcommand(provider, 'delete <name>', 'take it away, with its policies').action(
    (name: string, options: ProviderOptions) =>
      within(options, async (providers) => {
        await providers.delete(name);
        return [];
      }),
  );
}

const subcommand = (provider: Command, usage: string, what: string): Command =>
  provider
    .command(usage)
    .description(what)
    .option('--home <folder>', 'state folder of the running ecosystem')
    .option('--json', 'print one JSON document');

async function create(
  providers: Providers,
  name: string,
  { location, signers }: CreateOptions,
): Promise<readonly ProviderView[]> {
  const pem = signers === undefined ? {} : { signers: await readFile(signers, 'utf8') };
  await providers.create({ name, location, ...pem });
  return [await providers.ready(name)];
}

async function within(
  { home, json }: ProviderOptions,
  action: (providers: Providers) => Promise<readonly ProviderView[]>,
): Promise<void> {
  const endpoints = await readEndpoints(resolveHome(home, process.env));
  const http = createHttpClient({ ca: await readFile(endpoints.ca, 'utf8') });
  try {
    const found = await action(createProviders(endpoints, http, () => sleep(POLL_MS)));
    process.stdout.write(json ? `${JSON.stringify(found)}\n` : found.map(line).join(''));
  } finally {
    await http.close();
  }
}

const line = ({ name, location, trustModel, status, localUri }: ProviderView): string =>
  `${name.padEnd(24)}  ${location.padEnd(14)}  ${trustModel.padEnd(8)}  ${status.padEnd(8)}  ${localUri}\n`;
