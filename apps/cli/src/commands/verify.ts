import type { Command } from 'commander';
import { hasCode } from '@touchstone/errors';
import { createHttpClient } from '@touchstone/http-client';
import type { Judgement, Verdict } from '@touchstone/service-verifier';
import {
  KIND_NAMES,
  WITHOUT_NAMES,
  parseKindName,
  parseWithout,
  unjudged,
  verifyEvidence,
} from '@touchstone/service-verifier';
import { exitWith } from '../exit';
import { paintFor } from '../paint';
import { readCollateral, readGiven } from '../verify/given-files';
import { pccsSource } from '../verify/pccs-source';
import { trustedAuthorities } from '../verify/trusted-authorities';
import { renderJudgement } from '../verify/render-judgement';
import { parseInstant, parsePccsUrl, presentInstant, readAnchors } from '../verify/verify-options';

interface VerifyOptions {
  readonly kind?: string;
  readonly collateral?: readonly string[];
  readonly pccs?: string;
  readonly home?: string;
  readonly at?: string;
  readonly runtimeData?: string;
  readonly anchor?: readonly string[];
  readonly without?: readonly string[];
  readonly json?: boolean;
  readonly checks?: boolean;
}

const EXIT_CODES: Readonly<Record<Verdict, number>> = { genuine: 0, rejected: 1, 'not-judged': 2 };

const HELP = `
Put <file> first: --collateral takes every path up to the next option. A file that is named there is meant for
this evidence; a folder is searched for what fits it.`;

/** Collects an option that may be given several times. */
const each = (value: string, before: readonly string[] = []): string[] => [...before, value];

export function addVerify(program: Command): void {
  program
    .command('verify')
    .description('judge evidence of a file, offline: exit 0 genuine, 1 rejected, 2 not judged')
    .argument('<file>', 'a quote, Open Enclave report or evidence, or attestation report')
    .option('--kind <kind>', `found out when left out; one of ${KIND_NAMES.join(', ')}`)
    .option('--collateral <path...>', 'files and folders with collateral in any form')
    .option('--pccs <url>', 'fetch what is missing from this PCK caching service')
    .option('--home <folder>', 'state folder of an ecosystem whose authority --pccs may be under')
    .option('--at <instant>', 'judge as of this instant (ISO 8601; default: now)')
    .option('--runtime-data <file>', 'data that the report data must be the digest of')
    .option(
      '--anchor <root>',
      '"intel" (the default), or a file with a root certificate or key; may be repeated',
      each,
    )
    .option(
      '--without <parts>',
      `judge without: ${WITHOUT_NAMES.join(', ')}; comma-separated`,
      each,
    )
    .option('--json', 'print one JSON document and nothing else')
    .option('--checks', 'list every check, not only those that did not simply pass')
    .addHelpText('after', HELP)
    .exitOverride(exitWith(EXIT_CODES['not-judged']))
    .action(async (file: string, options: VerifyOptions) => {
      const judgement = await judge(file, options);
      process.exitCode = EXIT_CODES[judgement.document.verdict];
      process.stdout.write(
        options.json
          ? `${JSON.stringify(judgement.document)}\n`
          : renderJudgement(judgement, {
              paint: paintFor(process.stdout, process.env),
              allChecks: options.checks ?? false,
            }),
      );
    });
}

/** Files that cannot be read and options that cannot be understood leave the evidence unjudged. */
async function judge(file: string, options: VerifyOptions): Promise<Judgement> {
  const now = presentInstant(process.env);
  try {
    return await judgeFile(file, options, now);
  } catch (error) {
    // Exit code 1 means rejected: a failure of ours must not look like a verdict.
    if (!hasCode(error)) process.stderr.write(`touchstone: ${String(error)}\n`);
    return hasCode(error)
      ? unjudged(error.code, error.message, now)
      : unjudged('INTERNAL', 'this is a fault of the command itself', now);
  }
}

async function judgeFile(file: string, options: VerifyOptions, now: Date): Promise<Judgement> {
  const { pccs, kind, runtimeData } = options;
  const request = {
    evidence: await readGiven(file),
    kind: kind === undefined ? undefined : parseKindName(kind),
    collateral: await readCollateral(options.collateral ?? []),
    at: options.at === undefined ? now : parseInstant(options.at),
    anchors: await readAnchors(options.anchor ?? []),
    without: parseWithout((options.without ?? []).join(',')),
    runtimeData: runtimeData === undefined ? undefined : await readGiven(runtimeData),
  };
  if (pccs === undefined) return verifyEvidence(request);
  const http = createHttpClient({ ca: await trustedAuthorities(options.home, process.env) });
  try {
    return await verifyEvidence({ ...request, source: pccsSource(parsePccsUrl(pccs), http) });
  } finally {
    await http.close();
  }
}
