import type { Command } from 'commander';
import { Narrator, renderStep } from '@touchstone/narrator';
import { ATTACK_NAMES } from './frame/attack';
import { renderCheck, renderEnd, renderTitle } from './frame/render';
import { notBegun, runScenario, type ScenarioReport } from './frame/run-scenario';
import {
  attackOf,
  chosenOf,
  scenarioNamed,
  UsageError,
  type ScenarioArguments,
} from './frame/usage';
import { openWorld, type World } from './frame/world';
import { SCENARIOS } from './scenarios';

interface CommandOptions extends ScenarioArguments {
  readonly json?: boolean;
  readonly home?: string;
  readonly running?: boolean;
}

/** As they should be; something is not; the command was called wrongly. */
const EXIT = { ok: 0, notOk: 1, usage: 2 } as const;

export function addScenario(program: Command): Command {
  const names = SCENARIOS.map(({ name, title }) => `${name} (${title})`).join('; ');
  return program
    .description('plays a multi-party scenario, each party a process of its own, and checks it')
    .argument('<scenario>', names)
    .option('--json', 'print one JSON document and nothing else')
    .option('--attestation <kind>', 'scenario 1: remote (default) or local')
    .option('--model <model>', 'scenario 3: passport (default) or background-check')
    .option('--attack <attack>', `have a man in the middle try: ${ATTACK_NAMES.join(', ')}`)
    .option('--home <folder>', 'state folder, emptied first (default: .touchstone/scenario-<name>)')
    .option('--running', 'use the ecosystem that runs already, and leave it running')
    .action(async (name: string, options: CommandOptions) => {
      try {
        process.exitCode = await play(name, options);
      } catch (error) {
        if (!(error instanceof UsageError)) throw error;
        process.stderr.write(`scenario: ${error.message}\n`);
        process.exitCode = EXIT.usage;
      }
    });
}

async function play(name: string, options: CommandOptions): Promise<number> {
  const scenario = scenarioNamed(SCENARIOS, name);
  const chosen = chosenOf(scenario, options);
  const attack = attackOf(scenario, chosen, options);
  const tell = (text: string): void => {
    if (!options.json) process.stdout.write(text);
  };
  const started = performance.now();
  tell(renderTitle(scenario));
  const narrator = new Narrator((step) => tell(renderStep(step)));
  const end = (report: ScenarioReport): number => {
    tell(renderEnd(report, performance.now() - started));
    if (options.json) process.stdout.write(`${JSON.stringify(report)}\n`);
    return report.ok ? EXIT.ok : EXIT.notOk;
  };
  let world: World;
  try {
    world = await openWorld({
      bundleFolder: __dirname,
      running: options.running === true,
      scenario: name,
      env: process.env,
      ...(options.home !== undefined && { home: options.home }),
    });
  } catch (error) {
    return end(notBegun(scenario, error));
  }
  try {
    const report = await runScenario(scenario, {
      world,
      narrator,
      chosen,
      ...(attack !== undefined && { attack }),
      onCheck: (check) => tell(renderCheck(check)),
    });
    return end(report);
  } finally {
    await world.close();
  }
}
