import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build, type BuildOptions } from 'esbuild';

const ROOT = path.resolve(__dirname, '../../..');
/** Inside the repository, for what stays outside the bundle is found from there; one for each worker of Jest. */
const ENTRY = path.join(ROOT, `dist/apps/cli-e2e/main-${process.env['JEST_WORKER_ID'] ?? '0'}.cjs`);
const TOKEN_RUNS = ENTRY.replace('main-', 'token-runs-');
const EXTERNAL = [
  'libsql',
  'pg-native',
  '@grpc/reflection',
  'grpc-health-check',
  'mnist',
  'esbuild',
];

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const BUNDLED: BuildOptions = {
  absWorkingDir: ROOT,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  external: EXTERNAL,
  logLevel: 'warning',
};

/** Bundles the command as it is in this checkout. */
export async function buildTouchstone(): Promise<void> {
  await build({ ...BUNDLED, entryPoints: ['apps/cli/src/main.ts'], outfile: ENTRY });
}

/** Bundles the commands on tokens, to be run many times in one process. */
export async function buildTokenRuns(): Promise<void> {
  const contents = `
    import { Command } from 'commander';
    import { addInspect } from './apps/cli/src/commands/inspect';
    import { addTokenVerify } from './apps/cli/src/commands/token-verify';
    const write = process.stdout.write.bind(process.stdout);
    async function run(args: string[]) {
      const ran = { stdout: '' };
      process.stdout.write = (text: unknown) => ((ran.stdout += String(text)), true);
      process.exitCode = undefined;
      const program = new Command('touchstone');
      for (const add of [addInspect, addTokenVerify]) add(program);
      await program.parseAsync(args, { from: 'user' });
      return { ...ran, code: process.exitCode };
    }
    async function main() {
      const runs: unknown[] = [];
      for (const args of JSON.parse(process.argv[2] ?? '[]')) runs.push(await run(args));
      process.exitCode = 0;
      write(JSON.stringify(runs));
    }
    void main();`;
  const stdin = { contents, resolveDir: ROOT, loader: 'ts' as const };
  await build({ ...BUNDLED, stdin, outfile: TOKEN_RUNS });
}

export type TokenRun = Pick<Ran, 'code' | 'stdout'>;

/** A folder with files, and the command run in it. */
export class Desk {
  private constructor(readonly folder: string) {}

  static async open(): Promise<Desk> {
    return new Desk(await mkdtemp(path.join(tmpdir(), 'touchstone-cli-')));
  }

  async put(name: string, content: Uint8Array | string): Promise<void> {
    await writeFile(path.join(this.folder, name), content);
  }

  /** `touchstone <args>`, without anything of the tests' own environment. */
  touchstone(...args: readonly string[]): Promise<Ran> {
    return this.node(ENTRY, ...args);
  }

  /** Each of these calls of a command on tokens, in one process. */
  async tokenRuns(calls: readonly (readonly string[])[]): Promise<readonly TokenRun[]> {
    const { code, stdout, stderr } = await this.node(TOKEN_RUNS, JSON.stringify(calls));
    if (code !== 0) throw new Error(stderr);
    return JSON.parse(stdout) as readonly TokenRun[];
  }

  private node(...args: readonly string[]): Promise<Ran> {
    return new Promise((resolve, reject) => {
      const { PATH } = process.env;
      const child = spawn(process.execPath, args, {
        cwd: this.folder,
        env: PATH === undefined ? {} : { PATH },
      });
      const out = { stdout: '', stderr: '' };
      child.stdout.setEncoding('utf8').on('data', (text: string) => (out.stdout += text));
      child.stderr.setEncoding('utf8').on('data', (text: string) => (out.stderr += text));
      child.on('error', reject);
      child.on('close', (code) => resolve({ code, ...out }));
    });
  }

  close(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true });
  }
}
