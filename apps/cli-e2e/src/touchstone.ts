import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';

const ROOT = path.resolve(__dirname, '../../..');
/** Inside the repository, for what stays outside the bundle is found from there; one for each worker of Jest. */
const ENTRY = path.join(ROOT, `dist/apps/cli-e2e/main-${process.env['JEST_WORKER_ID'] ?? '0'}.cjs`);
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

/** Bundles the command as it is in this checkout. */
export async function buildTouchstone(): Promise<void> {
  await build({
    absWorkingDir: ROOT,
    entryPoints: ['apps/cli/src/main.ts'],
    outfile: ENTRY,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    external: EXTERNAL,
    logLevel: 'warning',
  });
}

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
    return new Promise((resolve, reject) => {
      const { PATH } = process.env;
      const child = spawn(process.execPath, [ENTRY, ...args], {
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
