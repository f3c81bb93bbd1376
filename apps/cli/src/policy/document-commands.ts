import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { signPolicy, wrapPolicy } from '@touchstone/policy-document';
import { readPolicy, readPolicyFile } from './policy-file';
import { PASSWORD_VARIABLE, readSigner, type SignOptions } from './sign-material';

interface OutOption {
  readonly out?: string;
}

/** `policy hash`, `policy wrap` and `policy sign`. */
export function addPolicyDocuments(policy: Command): void {
  policy
    .command('hash')
    .description('print x-ms-policy-hash; for a JWS also x-ms-policy-token-hash')
    .argument('<file>', 'a policy, as text or inside its JWS')
    .option('--json', 'print one JSON document and nothing else')
    .action(hashFile);
  policy
    .command('wrap')
    .description('print the unsigned JWS in which a policy is set')
    .argument('<file>')
    .option('--out <file>', 'write it there, without a line end')
    .action(async (file: string, options: OutOption) =>
      put(wrapPolicy(await textOf(file)), options),
    );
  policy
    .command('sign')
    .description('print the signed JWS in which a policy is set')
    .argument('<file>')
    .option('--p12 <file>', 'PKCS#12 file with the key and its certificates')
    .option('--key <file>', 'private key in PEM: RSA of 2,048 bits or more, or P-256')
    .option('--cert <file>', 'certificates of the key in PEM, its own first')
    .option('--password-file <file>', `of the key; else ${PASSWORD_VARIABLE} is looked at`)
    .option('--out <file>', 'write it there, without a line end')
    .action(signFile);
}

async function hashFile(file: string, { json }: { json?: boolean }): Promise<void> {
  const { hash, jws } = await readPolicyFile(file);
  if (json) {
    const tokenHash = jws && { policyTokenHash: jws.tokenHash, signed: jws.signed };
    process.stdout.write(`${JSON.stringify({ file, policyHash: hash, ...tokenHash })}\n`);
  } else if (jws) {
    process.stdout.write(`policy hash  ${hash}\ntoken hash   ${jws.tokenHash}\n`);
  } else process.stdout.write(`${hash}\n`);
}

async function signFile(
  file: string,
  options: SignOptions & OutOption,
  command: Command,
): Promise<void> {
  const { p12, key, cert } = options;
  const pair = key !== undefined && cert !== undefined;
  const half = (key === undefined) !== (cert === undefined);
  if (half || (p12 !== undefined) === pair) command.error('give --p12, or --key and --cert');
  const text = await textOf(file);
  await put(signPolicy(text, await readSigner(options, process.env)), options);
}

/** What is not a policy is not packed: no provider would take it. */
const textOf = async (file: string): Promise<string> => (await readPolicy(file)).text;

async function put(jws: string, { out }: OutOption): Promise<void> {
  if (out === undefined) process.stdout.write(`${jws}\n`);
  else await writeFile(out, jws);
}
