import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { hasCode } from '@touchstone/errors';
import { createHttpClient } from '@touchstone/http-client';
import { shown, tokenText, type Judgement } from '@touchstone/service-verifier';
import { exitWith } from '../exit';
import { readEndpoints, resolveHome } from '../home';
import { paintFor, type Paint } from '../paint';
import { createAttesterQuestion } from '../token/attest-the-attester';
import {
  addAttesterOptions,
  signerExpectations,
  type AttesterOptions,
} from '../token/attester-options';
import { azureNames, chooseAuthority } from '../token/choose-authority';
import {
  judgeToken,
  type TokenJudgement,
  type TokenQuestion,
  type TokenVerdict,
} from '../token/judge-token';
import { renderToken } from '../token/render-token';
import { FileError, readGiven } from '../verify/given-files';
import { renderJudgement } from '../verify/render-judgement';
import { parseInstant, presentInstant } from '../verify/verify-options';

interface TokenVerifyOptions extends AttesterOptions {
  readonly issuer?: string;
  readonly jwks?: string;
  readonly ca?: string;
  readonly home?: string;
  readonly at?: string;
  readonly json?: boolean;
}

const EXIT_CODES: Readonly<Record<TokenVerdict, number>> = {
  valid: 0,
  rejected: 1,
  'not-judged': 2,
};

interface JudgedToken {
  readonly judgement: TokenJudgement;
  /** What came of --attest-the-attester. */
  readonly attester?: Judgement | undefined;
}

/** `token verify`: beside `token inspect`, which believes everything. */
export function addTokenVerify(program: Command): void {
  const token = program.commands.find((command) => command.name() === 'token');
  if (!token) throw new TypeError('there is a command for tokens');
  addAttesterOptions(token.command('verify'))
    .description('judge an attestation token: exit 0 valid, 1 rejected, 2 not judged')
    .argument('<file>', 'a token, or the answer that holds it')
    .option('--issuer <url>', 'the provider that must have issued it, whose keys are asked for')
    .option('--jwks <file>', 'the key set to judge by instead; nobody is asked')
    .option('--ca <file>', 'PEM of a further authority that the provider may be under')
    .option('--home <folder>', "state folder of an ecosystem; Azure's names lead to it")
    .option('--at <instant>', 'judge as of this instant (ISO 8601; default: now)')
    .option('--json', 'print one JSON document and nothing else')
    .exitOverride(exitWith(EXIT_CODES['not-judged']))
    .action(async (file: string, options: TokenVerifyOptions) => {
      const { judgement, attester } = await judge(file, options);
      process.exitCode = EXIT_CODES[judgement.verdict];
      const paint = paintFor(process.stdout, process.env);
      process.stdout.write(
        options.json
          ? `${JSON.stringify(documentOf(judgement, attester))}\n`
          : `${renderToken(judgement, paint)}${attester ? renderAttester(attester, paint) : ''}`,
      );
    });
}

/** Files that cannot be read and options that cannot be understood leave the token unjudged. */
async function judge(file: string, options: TokenVerifyOptions): Promise<JudgedToken> {
  const at = presentInstant(process.env);
  try {
    return await judgeFile(file, options, at);
  } catch (error) {
    // Exit code 1 means rejected: a failure of ours must not look like a verdict.
    if (!hasCode(error)) process.stderr.write(`touchstone: ${String(error)}\n`);
    const why = hasCode(error)
      ? { code: error.code, reason: error.message }
      : { code: 'INTERNAL', reason: 'this is a fault of the command itself' };
    return { judgement: { verdict: 'not-judged', ...why, checks: [], at } };
  }
}

async function judgeFile(
  file: string,
  options: TokenVerifyOptions,
  now: Date,
): Promise<JudgedToken> {
  const { issuer, jwks, ca, home } = options;
  const jwt = tokenText(await readGiven(file));
  if (jwt === undefined) throw new FileError('FILE_UNREADABLE', `${file} is no text`);
  const endpoints = await readEndpoints(resolveHome(home, process.env)).catch(() => undefined);
  const choice = {
    ...(issuer !== undefined && { issuer }),
    ...(jwks !== undefined && { jwks }),
    ...(endpoints && { endpoints }),
  };
  const http = createHttpClient({
    ca: [
      ...(ca === undefined ? [] : [await readText(ca)]),
      ...(endpoints ? [await readText(endpoints.ca)] : []),
    ],
    originMap: home === undefined ? {} : azureNames(choice),
  });
  try {
    const at = options.at === undefined ? now : parseInstant(options.at);
    // The ecosystem is the judge unless another one is named.
    const judging = jwks === undefined && (issuer === undefined || home !== undefined);
    const attester = options.attestTheAttester
      ? createAttesterQuestion(
          await signerExpectations(options, judging ? endpoints : undefined, http, at),
        )
      : undefined;
    const judgement = await judgeToken({
      jwt: jwt.trim(),
      authority: chooseAuthority(choice, http),
      at,
      questions: [...questionsOf(), ...(attester ? [attester.ask] : [])],
    });
    return { judgement, attester: attester?.judgement() };
  } finally {
    await http.close();
  }
}

/** What is asked of a token beyond its signature, issuer and times. */
const questionsOf = (): readonly TokenQuestion[] => [];

const readText = (file: string): Promise<string> =>
  readFile(file, 'utf8').catch((cause: unknown) => {
    throw new FileError('FILE_UNREADABLE', `${file} cannot be read`, { field: file, cause });
  });

/** The signer as `verify` shows evidence. */
const renderAttester = (attester: Judgement, paint: Paint): string =>
  `\nThe signer\n${renderJudgement(attester, { paint, allChecks: false })}`;

/** For programs. */
const documentOf = (judgement: TokenJudgement, attester: Judgement | undefined): object => ({
  verdict: judgement.verdict,
  code: judgement.code ?? null,
  issuer: judgement.issuer ?? null,
  at: judgement.at.toISOString(),
  claims: judgement.claims ?? null,
  checks: judgement.checks.map(shown),
  ...(attester && { attester: attester.document }),
});
