import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { toHex } from '@touchstone/bytes';
import { EVIDENCE_FORMATS, makeEvidence, type EvidenceFormat } from '../evidence/make-evidence';
import { loadConfig } from '../config';
import { resolveHome } from '../home';

interface MakeOptions {
  readonly format: EvidenceFormat;
  readonly runtimeData: string;
  readonly out: string;
  readonly debug?: boolean;
  readonly productId: number;
  readonly svn: number;
  readonly home?: string;
  readonly json?: boolean;
}

/** Product ids and SVNs are 16 bits wide. */
const MAX_U16 = 0xffff;

export function addEvidence(program: Command): void {
  const evidence = program.command('evidence').description('evidence, for people who have none');
  evidence
    .command('make')
    .description('have an enclave of the running ecosystem quoted over data of yours')
    .addOption(
      new Option('--format <format>', 'what to write')
        .choices(EVIDENCE_FORMATS)
        .makeOptionMandatory(),
    )
    .requiredOption('--runtime-data <file>', 'the report data is the SHA-256 of this file')
    .requiredOption('--out <file>', 'where to write')
    .option('--debug', 'load the enclave as a debug enclave')
    .option('--product-id <number>', 'product id of the enclave', parseU16, 1)
    .option('--svn <number>', 'security version of the enclave', parseU16, 1)
    .option('--home <folder>', 'state folder of the running ecosystem')
    .option('--json', 'print one JSON document')
    .action(async (options: MakeOptions) => {
      const made = await makeEvidence({
        home: resolveHome(options.home, process.env),
        enclavesFolder: loadConfig(process.env).enclaves,
        format: options.format,
        runtimeData: new Uint8Array(await readFile(fromCaller(options.runtimeData))),
        productId: options.productId,
        svn: options.svn,
        debug: options.debug ?? false,
      });
      const file = fromCaller(options.out);
      await writeFile(file, made.evidence);
      const report = {
        file,
        format: options.format,
        bytes: made.evidence.length,
        mrEnclave: toHex(made.mrEnclave),
        mrSigner: toHex(made.mrSigner),
        productId: options.productId,
        svn: options.svn,
        debug: options.debug ?? false,
      };
      process.stdout.write(options.json ? `${JSON.stringify(report)}\n` : render(report));
    });
}

const render = (report: object): string =>
  Object.entries(report)
    .map(([name, value]) => `${name.padEnd(12)}${String(value)}\n`)
    .join('');

/** A relative path counts from where npm was called. */
const fromCaller = (file: string): string => path.resolve(process.env['INIT_CWD'] ?? '.', file);

function parseU16(text: string): number {
  const value = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (value <= MAX_U16) return value;
  throw new InvalidArgumentError(`expected a number from 0 to ${MAX_U16}`);
}
