import type { Command } from 'commander';
import { hasCode } from '@touchstone/errors';
import type { Inspection } from '@touchstone/service-verifier';
import {
  inspectCertificates,
  inspectCollateral,
  inspectQuote,
  inspectToken,
} from '@touchstone/service-verifier';
import { exitWith } from '../exit';
import { renderInspection } from '../render-inspection';
import { readGiven } from '../verify/given-files';

const UNREADABLE = 2;

interface Inspector {
  readonly name: string;
  readonly noun: string;
  readonly description: string;
  readonly inspect: (file: Uint8Array) => Inspection;
}

const INSPECTORS: readonly Inspector[] = [
  {
    name: 'quote',
    noun: 'quotes and what wraps them',
    description: 'show every field of a quote with its offset',
    inspect: inspectQuote,
  },
  {
    name: 'cert',
    noun: 'X.509 certificates',
    description: 'show the certificates of a file, with the SGX extension taken apart',
    inspect: inspectCertificates,
  },
  {
    name: 'collateral',
    noun: 'collateral in any form',
    description: 'show what collateral a file holds, document by document',
    inspect: inspectCollateral,
  },
  {
    name: 'token',
    noun: 'JSON web tokens',
    description: 'show header and claims of a token, unverified',
    inspect: inspectToken,
  },
];

/** `quote inspect`, `cert inspect`, `collateral inspect`, `token inspect`. */
export function addInspect(program: Command): void {
  for (const { name, noun, description, inspect } of INSPECTORS) {
    program
      .command(name)
      .description(`look at ${noun}`)
      .command('inspect')
      .description(description)
      .argument('<file>')
      .option('--json', 'print one JSON document and nothing else')
      .exitOverride(exitWith(UNREADABLE))
      .action(async (file: string, { json }: { json?: boolean }) => {
        const inspection = await inspected(file, inspect);
        if (inspection === undefined) return;
        process.stdout.write(
          json ? `${JSON.stringify(inspection)}\n` : renderInspection(inspection),
        );
      });
  }
}

async function inspected(
  file: string,
  inspect: Inspector['inspect'],
): Promise<Inspection | undefined> {
  try {
    return inspect(await readGiven(file));
  } catch (error) {
    if (!hasCode(error)) throw error;
    process.stderr.write(`touchstone: ${error.code}: ${file}: ${error.message}\n`);
    process.exitCode = UNREADABLE;
    return undefined;
  }
}
