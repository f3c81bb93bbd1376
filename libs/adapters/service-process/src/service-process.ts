import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { CodedError } from '@touchstone/errors';

export class ServiceProcessError extends CodedError<'SERVICE_ENDED' | 'SERVICE_NOT_READY'> {}

export interface ServiceProcessOptions {
  /** For messages. */
  readonly name: string;
  /** Path of the app's bundle. */
  readonly entry: string;
  readonly args?: readonly string[];
  /** Beside what this process has. */
  readonly env?: Readonly<Record<string, string>>;
  /** The address in the line that says it is ready; the form of this house's apps unless given. */
  readonly urlIn?: (line: string) => string | undefined;
}

export interface ServiceProcess {
  /** What the service said it answers at. */
  readonly url: string;
  stop(): Promise<void>;
}

const READY_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 10_000;
const MAX_KEPT_LOG_CHARACTERS = 64 * 1024;

/**
 * Starts an app of this house, or another Node.js program, as a process of its own and waits for the line of its log that says it is ready. The log goes to
 * stderr only when the start fails. State that is thrown away belongs into the state folder, so `DATABASE_URL` is not handed on.
 * Throws SERVICE_ENDED, SERVICE_NOT_READY.
 */
export async function startServiceProcess(options: ServiceProcessOptions): Promise<ServiceProcess> {
  const { entry, args = [], env = {} } = options;
  const { DATABASE_URL: _, ...inherited } = process.env;
  const child = spawn(process.execPath, [entry, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...inherited, ...env },
  });
  let log = '';
  const keep = (text: string): void => {
    log = (log + text).slice(-MAX_KEPT_LOG_CHARACTERS);
  };
  child.stderr.setEncoding('utf8').on('data', keep);
  try {
    const url = await readyUrl(child, options, keep);
    return { url, stop: () => stop(child) };
  } catch (error) {
    process.stderr.write(log);
    await stop(child);
    throw error;
  }
}

function readyUrl(
  child: ChildProcess & { stdout: NonNullable<ChildProcess['stdout']> },
  { name, urlIn = readyLine }: ServiceProcessOptions,
  keep: (text: string) => void,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(
      () =>
        reject(
          new ServiceProcessError(
            'SERVICE_NOT_READY',
            `${name} was not ready after ${READY_TIMEOUT_MS / 1000} s`,
          ),
        ),
      READY_TIMEOUT_MS,
    );
    const settle = (): void => clearTimeout(late);
    child.once('error', (cause) => {
      settle();
      reject(new ServiceProcessError('SERVICE_ENDED', `${name} could not be started`, { cause }));
    });
    child.once('exit', () => {
      settle();
      reject(new ServiceProcessError('SERVICE_ENDED', `${name} ended before it was ready`));
    });
    // Read to the end, or the service would stand still behind a full pipe.
    createInterface({ input: child.stdout }).on('line', (line) => {
      keep(`${line}\n`);
      const url = urlIn(line);
      if (url === undefined) return;
      settle();
      resolve(url);
    });
  });
}

/** The address in the line `{"msg":"ready","url":…}`. */
function readyLine(line: string): string | undefined {
  if (!line.includes('"ready"')) return undefined;
  try {
    const { msg, url } = JSON.parse(line) as Record<string, unknown>;
    return msg === 'ready' && typeof url === 'string' ? url : undefined;
  } catch {
    return undefined;
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const ended = once(child, 'exit');
  const force = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
  child.kill('SIGTERM');
  await ended;
  clearTimeout(force);
}
