import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { Command } from 'commander';
import type { Claim } from '@touchstone/policy';
import { MAX_FOLDER_FILES, readGiven } from '../verify/given-files';
import { readClaims } from './claims-file';
import { comparePolicies, comparisonsJson, renderComparisons } from './compare-policies';
import { evaluate } from './evaluation';
import { evaluationJson } from './evaluation-json';
import { quoteClaims, tokenClaims } from './evidence-claims';
import { PolicyFileError, readPolicy, readText } from './policy-file';
import { renderEvaluation } from './render-evaluation';

interface EvalOptions {
  readonly claims?: string;
  readonly token?: string;
  readonly quote?: string;
  readonly json?: boolean;
  readonly exitCode?: boolean;
}

interface DiffOptions {
  readonly claims: string;
  readonly json?: boolean;
  readonly exitCode?: boolean;
}

/** `policy eval` and `policy diff`. */
export function addPolicyEvaluation(policy: Command): void {
  policy
    .command('eval')
    .description('carry a policy out on claims, and say rule by rule what it did')
    .argument('<file>', 'a policy, as text or inside its JWS')
    .option('--claims <file>', 'JSON: claims by name, or a list of {type, value, issuer}')
    .option('--token <file>', 'an attestation token: the claims that its policy saw; unverified')
    .option('--quote <file>', 'an SGX quote or Open Enclave report, any form; unverified')
    .option('--json', 'print one JSON document and nothing else')
    .option('--exit-code', 'exit 1 when the policy does not permit')
    .action(evaluateFile);
  policy
    .command('diff')
    .description('carry two policies out on the claims of a folder: whose verdict changes')
    .argument('<before>')
    .argument('<after>')
    .requiredOption('--claims <folder>', 'of .json files, each as for eval')
    .option('--json', 'print one JSON document and nothing else')
    .option('--exit-code', 'exit 1 when a verdict changes')
    .action(compareFiles);
}

async function evaluateFile(file: string, options: EvalOptions, command: Command): Promise<void> {
  const sources = [options.claims, options.token, options.quote].filter(Boolean);
  if (sources.length !== 1) command.error('give one of --claims, --token and --quote');
  const found = await readPolicy(file);
  const claims = await claimsOf(options);
  const evaluation = evaluate(found.policy, claims);
  if (options.exitCode && evaluation.verdict !== 'permit') process.exitCode = 1;
  process.stdout.write(
    options.json
      ? `${evaluationJson(found, claims, evaluation)}\n`
      : renderEvaluation(found, evaluation),
  );
}

async function claimsOf({ claims, token, quote }: EvalOptions): Promise<readonly Claim[]> {
  if (token !== undefined) return tokenClaims(readText(await readGiven(token), token), token);
  if (quote !== undefined) return quoteClaims(await readGiven(quote), quote);
  const file = claims ?? '';
  return readClaims(readText(await readGiven(file), file), file);
}

async function compareFiles(before: string, after: string, options: DiffOptions): Promise<void> {
  const [a, b] = [await readPolicy(before), await readPolicy(after)];
  const comparisons = comparePolicies(a.policy, b.policy, await readClaimsFolder(options.claims));
  if (options.exitCode && comparisons.some((one) => one.verdictChanged)) process.exitCode = 1;
  process.stdout.write(
    options.json ? `${comparisonsJson(comparisons)}\n` : renderComparisons(comparisons),
  );
}

async function readClaimsFolder(
  folder: string,
): Promise<{ readonly name: string; readonly claims: readonly Claim[] }[]> {
  const names = (await namesIn(folder)).filter((name) => name.endsWith('.json')).sort();
  if (names.length === 0 || names.length > MAX_FOLDER_FILES) {
    throw new PolicyFileError('CLAIMS_FILE_INVALID', `${folder} has ${names.length} .json files`, {
      field: folder,
    });
  }
  const files: { name: string; claims: readonly Claim[] }[] = [];
  for (const name of names) {
    const file = path.join(folder, name);
    files.push({ name, claims: readClaims(readText(await readGiven(file), file), name) });
  }
  return files;
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (cause) {
    throw new PolicyFileError('CLAIMS_FILE_INVALID', `${folder} cannot be read`, {
      field: folder,
      cause,
    });
  }
}
