import { spawn, type ChildProcess } from 'node:child_process';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CodedError } from '@touchstone/errors';
import type { Endpoints } from '@touchstone/server-ecosystem';
import { readEndpoints } from '../home';

export class EcosystemProcessError extends CodedError<'ECOSYSTEM_ENDED' | 'ECOSYSTEM_NOT_READY'> {}

export interface EcosystemProcess {
  readonly endpoints: Endpoints;
  stop(): Promise<void>;
}

const READY_TIMEOUT_MS = 60_000;
const POLL_MS = 20;

/**
 * Starts an ecosystem of its own in a fresh state folder, on ephemeral ports, and waits until it has written its addresses.
 * Its log goes to stderr only when it fails. Throws ECOSYSTEM_ENDED, ECOSYSTEM_NOT_READY.
 */
export async function startEcosystemProcess(
  home: string,
  entry: string,
): Promise<EcosystemProcess> {
  await rm(home, { recursive: true, force: true });
  const child = spawn(process.execPath, [entry, '--home', home, '--ports', 'ephemeral'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: withoutDatabase(process.env),
  });
  let log = '';
  const keep = (chunk: Buffer): void => {
    log = (log + chunk.toString('utf8')).slice(-64 * 1024);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  try {
    return { endpoints: await waitUntilReady(child, home), stop: () => stop(child) };
  } catch (error) {
    process.stderr.write(log);
    await stop(child);
    throw error;
  }
}

async function waitUntilReady(child: ChildProcess, home: string): Promise<Endpoints> {
  const deadline = performance.now() + READY_TIMEOUT_MS;
  while (performance.now() < deadline) {
    if (child.exitCode !== null) {
      throw new EcosystemProcessError('ECOSYSTEM_ENDED', 'the ecosystem ended before it was ready');
    }
    const endpoints = await readEndpoints(home, {}).catch(() => undefined);
    if (endpoints !== undefined) return endpoints;
    await sleep(POLL_MS);
  }
  throw new EcosystemProcessError(
    'ECOSYSTEM_NOT_READY',
    `the ecosystem was not ready after ${READY_TIMEOUT_MS / 1000} s`,
  );
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await ended;
}

/** State that is thrown away belongs into the state folder, not into a database that others use. */
const withoutDatabase = ({ DATABASE_URL: _, ...env }: NodeJS.ProcessEnv): NodeJS.ProcessEnv => env;

/** Where the bundle of the ecosystem stands: beside the bundle of this app. */
export const ecosystemEntry = (bundleFolder: string): string =>
  path.resolve(bundleFolder, '../ecosystem/main.cjs');
