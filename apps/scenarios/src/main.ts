import { Command } from 'commander';
import { CodedError } from '@touchstone/errors';
import { addScenario } from './command';

const FAILED = 1;

const program = addScenario(new Command('scenario'));

program.parseAsync().catch((error: unknown) => {
  const text = error instanceof CodedError ? `${error.code}: ${error.message}` : String(error);
  process.stderr.write(`scenario: ${text}\n`);
  process.exitCode = FAILED;
});
