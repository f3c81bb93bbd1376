import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { cpuSvnOf } from '@touchstone/authority';
import { fromUtf8 } from '@touchstone/bytes';
import type { LoadOptions } from '@touchstone/enclave';
import { createImage, parseManifest, signEnclave } from '@touchstone/enclave';
import { configIdOf } from '@touchstone/enclave-sdk';
import { startEnclaveWorker } from '@touchstone/enclave-worker';
import type { Ocalls, RunningEnclave } from '@touchstone/enclave-worker';
import { encodeOeEndorsements } from '@touchstone/quote';
import type { TestPlatform } from '@touchstone/testkit';
import { TEST_NOW, anAuthorKey, collateralOf, pckChainOf, pckOf } from '@touchstone/testkit';

export const WORKSPACE = path.resolve(__dirname, '../../..');
const TOOL = path.join(WORKSPACE, 'libs/adapters/enclave-build/src/index.mjs');
const MEBIBYTE = 1024 * 1024;

/** What a build leaves: the code that is measured, and the text of the manifest. */
export interface BuiltEnclave {
  readonly code: Uint8Array;
  readonly manifest: string;
}

export interface BuildSurroundings {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** Builds a folder by a process of its own. */
export async function build(
  folder: string,
  { cwd = WORKSPACE, env = {} }: BuildSurroundings = {},
): Promise<BuiltEnclave> {
  const script = `import { bundleEnclave } from ${JSON.stringify(TOOL)};
    const { code, manifest } = await bundleEnclave(${JSON.stringify(folder)});
    process.stdout.write(JSON.stringify({ code: Buffer.from(code).toString('base64'), manifest }));`;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module', '-e', script],
    { cwd, env: { ...process.env, ...env }, maxBuffer: 16 * MEBIBYTE },
  );
  const { code, manifest } = JSON.parse(stdout) as { code: string; manifest: string };
  return { code: new Uint8Array(Buffer.from(code, 'base64')), manifest };
}

export const PEER = path.join(__dirname, 'enclaves/peer');

/** The root that a platform's authority is, as an enclave is configured with it. */
export const configurationOf = ({ authority }: TestPlatform): Uint8Array =>
  authority.anchor.publicKey;

/** Loads an enclave, for the configuration of its own platform unless told otherwise, and starts it in a worker. */
export async function start(
  { machine, authority }: TestPlatform,
  { code, manifest }: BuiltEnclave,
  options: LoadOptions = { configId: configIdOf(authority.anchor.publicKey) },
): Promise<RunningEnclave> {
  const image = createImage(parseManifest(manifest), code);
  const sigstruct = signEnclave(image, anAuthorKey(), TEST_NOW);
  const { running } = machine.load(image, sigstruct, options);
  return startEnclaveWorker({
    name: 'peer',
    code: running.code,
    instructions: running.instructions,
    heapMegabytes: 64,
    threads: 2,
  });
}

/** What a host does for an enclave that asks for quotes, and for one that judges those of `judged`. */
export function hostOf(platform: TestPlatform, judged: TestPlatform = platform): Ocalls {
  const { machine, at } = platform;
  return {
    'qe-target-info': async () => machine.quoting.targetInfo(),
    quote: async (report) => {
      const { tcb } = pckOf(platform);
      const svn = { cpuSvn: cpuSvnOf(tcb), pceSvn: tcb.pceSvn };
      const pckChain = pckChainOf(platform);
      return machine.quoting.getQuote(report, { type: 5, pckChain, svn }).quote;
    },
    configuration: async () => configurationOf(platform),
    collateral: async () =>
      encodeOeEndorsements({ ...collateralOf(judged), version: 1, creationTime: at.toISOString() }),
    time: async () => fromUtf8(at.toISOString()),
  };
}
