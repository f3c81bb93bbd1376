import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { formatPolicy, parsePolicy } from '@touchstone/policy';
import { addPolicyEvaluation } from '../policy/evaluation-commands';
import { addPolicyDocuments } from '../policy/document-commands';
import { checkPolicy } from '../policy/check-policy';
import { readPolicyFile } from '../policy/policy-file';

/** `touchstone policy …`: a policy is checked, tried, compared, formatted, hashed, wrapped and signed, all offline. */
export function addPolicy(program: Command): void {
  const policy = program.command('policy').description('work on attestation policies, offline');
  policy
    .command('check')
    .description('say whether a file holds a policy, and what it hardly means: exit 0 or 1')
    .argument('<file>', 'a policy, as text or inside its JWS')
    .option('--json', 'print one JSON document and nothing else')
    .action(checkPolicy);
  addPolicyEvaluation(policy);
  policy
    .command('format')
    .description('print a policy in one form of writing; its hash becomes another')
    .argument('<file>')
    .option('--write', 'put it back into the file')
    .option('--check', 'only say by exit code 1 that the file is written otherwise')
    .action(formatFile);
  addPolicyDocuments(policy);
}

async function formatFile(
  file: string,
  { write, check }: { write?: boolean; check?: boolean },
): Promise<void> {
  const { text, jws } = await readPolicyFile(file);
  const formatted = formatPolicy(parsePolicy(text));
  if (check) {
    if (formatted !== text) process.exitCode = 1;
  } else if (!write || jws !== undefined) process.stdout.write(formatted);
  else if (formatted !== text) await writeFile(file, formatted);
}
