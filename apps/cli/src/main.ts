import { Command } from 'commander';
import { CodedError } from '@touchstone/errors';
import { addDemo } from './commands/demo';
import { addEnclave } from './commands/enclave';
import { addEnv } from './commands/env';
import { addEvidence } from './commands/evidence';
import { addExplain } from './commands/explain';
import { addFault } from './commands/fault';
import { addInspect } from './commands/inspect';
import { addKeys } from './commands/keys';
import { addPolicy } from './commands/policy';
import { addProvider } from './commands/provider';
import { addRun } from './commands/run';
import { addTokenVerify } from './commands/token-verify';
import { addVerify } from './commands/verify';

const program = new Command('touchstone').description(
  'The local home of confidential computing: run it, look at it, ask it why.',
);

for (const add of [
  addDemo,
  addExplain,
  addVerify,
  addInspect,
  addTokenVerify,
  addEnv,
  addRun,
  addFault,
  addEvidence,
  addEnclave,
  addProvider,
  addKeys,
  addPolicy,
])
  add(program);

program.parseAsync().catch((error: unknown) => {
  const text = error instanceof CodedError ? `${error.code}: ${error.message}` : String(error);
  process.stderr.write(`touchstone: ${text}\n`);
  process.exitCode = 1;
});
