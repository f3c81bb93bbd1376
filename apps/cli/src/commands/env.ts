import type { Command } from 'commander';
import { clientEnvironment } from '../environment';
import { readEndpoints, resolveHome } from '../home';

export function addEnv(program: Command): void {
  program
    .command('env')
    .description('print the variables that a shell needs to reach the running ecosystem')
    .option('--home <folder>', 'state folder of the ecosystem')
    .action(async (options: { home?: string }) => {
      const variables = clientEnvironment(
        await readEndpoints(resolveHome(options.home, process.env)),
      );
      for (const [name, value] of Object.entries(variables)) {
        process.stdout.write(`export ${name}=${quoted(value)}\n`);
      }
    });
}

const quoted = (value: string): string => `'${value.replaceAll("'", String.raw`'\''`)}'`;
