import { stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { InvalidArgumentError, type Command } from 'commander';
import { toHex } from '@touchstone/bytes';
import { signEnclave, type EnclaveImage } from '@touchstone/enclave';
import { mrSignerOfKey } from '@touchstone/platform';
import { SIGSTRUCT_FILE, buildFolder, readEnclave, writeBuilt } from '../enclave/enclave-folder';
import { inspectEnclave, inspectSigstruct } from '../enclave/inspect-enclave';
import { readSigningKey } from '../enclave/signing-key';
import { renderInspection } from '../render-inspection';
import { readGiven } from '../verify/given-files';

interface Shown {
  readonly json?: boolean;
}

/** `touchstone enclave …`: an author's folder to an enclave that is built, measured, signed and looked at, all offline. */
export function addEnclave(program: Command): void {
  const enclave = program.command('enclave').description('build and sign enclaves of your own');
  const json = ['--json', 'print one JSON document and nothing else'] as const;
  enclave
    .command('build')
    .description('bundle a folder with enclave.json and code into what is measured')
    .argument('<folder>')
    .requiredOption('--out <folder>', 'where to put the built enclave')
    .option(...json)
    .action(build);
  enclave
    .command('measure')
    .description('print MRENCLAVE of a folder of sources, or of a built enclave')
    .argument('<folder>')
    .option(...json)
    .action(measure);
  enclave
    .command('sign')
    .description('sign a built enclave: SIGSTRUCT, beside the code')
    .argument('<folder>')
    .requiredOption('--key <file>', 'RSA-3072 key with exponent 3, PEM (openssl genrsa -3 3072)')
    .option('--date <date>', 'DATE in the SIGSTRUCT, YYYY-MM-DD; today unless given', parseDate)
    .option('--out <file>', 'where to write the SIGSTRUCT')
    .option(...json)
    .action(sign);
  enclave
    .command('inspect')
    .description('show every field of an enclave, or of a SIGSTRUCT')
    .argument('<folder or file>')
    .option(...json)
    .action(inspect);
}

async function build(folder: string, { out, json }: Shown & { out: string }): Promise<void> {
  const image = await buildFolder(folder);
  await writeBuilt(image, folder, out);
  print({ folder: path.resolve(out), ...summary(image) }, json);
}

async function measure(folder: string, { json }: Shown): Promise<void> {
  const { image } = await readEnclave(folder);
  if (json) print(summary(image), json);
  else process.stdout.write(`${toHex(image.mrEnclave)}\n`);
}

async function sign(
  folder: string,
  { key, date, out, json }: Shown & { key: string; date?: Date; out?: string },
): Promise<void> {
  const { image } = await readEnclave(folder);
  const pkcs8 = await readSigningKey(key);
  const file = path.resolve(out ?? path.join(folder, SIGSTRUCT_FILE));
  const sigstruct = signEnclave(image, pkcs8, date ?? new Date());
  const mrSigner = toHex(mrSignerOfKey(pkcs8));
  pkcs8.fill(0);
  await writeFile(file, sigstruct);
  print({ file, mrEnclave: toHex(image.mrEnclave), mrSigner }, json);
}

async function inspect(given: string, { json }: Shown): Promise<void> {
  const isFolder = await stat(given).then(
    (found) => found.isDirectory(),
    () => false,
  );
  const inspection = isFolder
    ? inspectEnclave(await readEnclave(given))
    : inspectSigstruct(await readGiven(given));
  process.stdout.write(json ? `${JSON.stringify(inspection)}\n` : renderInspection(inspection));
  if (inspection.fault !== undefined) process.exitCode = 1;
}

const summary = ({ manifest, code, mrEnclave }: EnclaveImage) => ({
  name: manifest.name,
  codeBytes: code.length,
  mrEnclave: toHex(mrEnclave),
});

function print(report: object, json: boolean | undefined): void {
  const lines = Object.entries(report).map(([name, value]) => `${name.padEnd(12)}${value}\n`);
  process.stdout.write(json ? `${JSON.stringify(report)}\n` : lines.join(''));
}

function parseDate(text: string): Date {
  const date = new Date(`${text}T00:00:00Z`);
  if (/^\d{4}-\d{2}-\d{2}$/.test(text) && date.toJSON()?.startsWith(text)) return date;
  throw new InvalidArgumentError('expected a day as YYYY-MM-DD');
}
