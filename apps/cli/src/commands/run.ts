import { spawn } from 'node:child_process';
import type { Command } from 'commander';
import { clientEnvironment } from '../environment';
import { readEndpoints, resolveHome } from '../home';

export function addRun(program: Command): void {
  program
    .command('run')
    .description('start a command with those variables: touchstone run -- node app.js')
    .option('--home <folder>', 'state folder of the ecosystem')
    .argument('<command...>')
    .action(async ([command = '', ...args]: string[], options: { home?: string }) => {
      const variables = clientEnvironment(
        await readEndpoints(resolveHome(options.home, process.env)),
      );
      process.exitCode = await runToEnd(command, args, { ...process.env, ...variables });
    });
}

function runToEnd(command: string, args: string[], env: NodeJS.ProcessEnv): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: 'inherit', env, cwd: env['INIT_CWD'] });
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 1));
  });
}
