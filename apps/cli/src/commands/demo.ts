import type { Command } from 'commander';
import { Narrator, renderStep } from '@touchstone/narrator';
import { appEntry, startEcosystemProcess, type Endpoints } from '@touchstone/server-ecosystem';
import { loadConfig } from '../config';
import { runDemo, type DemoReport } from '../demo/demo';
import { readEndpoints, resolveHome } from '../home';

interface DemoOptions {
  readonly json?: boolean;
  readonly home?: string;
  readonly running?: boolean;
}

const DEFAULT_DEMO_HOME = '.touchstone/demo';

export function addDemo(program: Command): void {
  program
    .command('demo')
    .description(
      'start everything, release a key into an attested enclave, show three refusals, stop',
    )
    .option('--json', 'print one JSON document and nothing else')
    .option('--home <folder>', `state folder, emptied first (default: ${DEFAULT_DEMO_HOME})`)
    .option('--running', 'use the ecosystem that runs already, and leave it running')
    .action(async (options: DemoOptions) => {
      const started = performance.now();
      const narrator = new Narrator((step) => {
        if (!options.json) process.stdout.write(renderStep(step));
      });
      const { endpoints, stop } = await ecosystemFor(options);
      try {
        narrator.step('all parties', 'are running', endpoints.services);
        const report = await runDemo(endpoints, loadConfig(process.env).enclaves, narrator);
        if (options.json) process.stdout.write(`${JSON.stringify(report)}\n`);
        else process.stdout.write(closingLines(report, performance.now() - started, options));
      } finally {
        await stop();
      }
    });
}

async function ecosystemFor(
  options: DemoOptions,
): Promise<{ endpoints: Endpoints; stop: () => Promise<void> }> {
  if (options.running) {
    const endpoints = await readEndpoints(resolveHome(options.home, process.env));
    return { endpoints, stop: async () => undefined };
  }
  const home = resolveHome(options.home ?? DEFAULT_DEMO_HOME, process.env);
  return startEcosystemProcess(home, appEntry(__dirname, 'ecosystem'));
}

/** How to ask for a decision record from where the demo was started: a shell, or a container of compose. */
function explainCommand(requestId: string, { running, home }: DemoOptions): string {
  if (process.env['TOUCHSTONE_ENDPOINTS'])
    return `docker compose run --rm demo explain ${requestId}`;
  const folder = home ?? (running ? undefined : DEFAULT_DEMO_HOME);
  return `npm run touchstone -- explain ${requestId}${folder === undefined ? '' : ` --home ${folder}`}`;
}

function closingLines(report: DemoReport, milliseconds: number, options: DemoOptions): string {
  const explain = (requestId: string): string => `  ${explainCommand(requestId, options)}`;
  return [
    '',
    `The key was released to one enclave only; its model reads ${(report.accuracy * 100).toFixed(1)} % of unseen digits.`,
    `Three others asked and were refused. All of it took ${(milliseconds / 1000).toFixed(1)} s. Ask why:`,
    explain(report.releaseRequestId),
    ...report.refusals.map(({ requestId }) => explain(requestId)),
    '',
  ].join('\n');
}
