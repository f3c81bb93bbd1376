import { spawn } from 'node:child_process';
import { WORKSPACE, type Bundles } from './bundles';

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The `touchstone` command, without anything of the tests' own environment. */
export function touchstone(
  bundles: Bundles,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [bundles.cli, ...args], {
      cwd: WORKSPACE,
      env: { PATH: process.env['PATH'], TOUCHSTONE_ENCLAVES: bundles.enclaves, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const out = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out.stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (out.stderr += text));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, ...out }));
  });
}
