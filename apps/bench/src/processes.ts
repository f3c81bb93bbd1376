import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { ChildTask, Question } from './child';
import type { LoadJob, LoadResult } from './load';
import type { Role, RoleOptions, RunningRole } from './roles';
import type { Usage } from './usage';

export const CHILD_OPTION = '--child';

const START_TIMEOUT_MS = 60_000;
const END_TIMEOUT_MS = 10_000;

/** Messages that the parent waits for, by their kind. */
interface Messages {
  readonly ready: RunningRole;
  readonly usage: { readonly usage: Usage };
  readonly warm: object;
  readonly result: { readonly result: LoadResult };
}

/** A service in a process of its own, so that what it uses up is its own too. */
export interface ServiceProcess extends RunningRole {
  /** Asks what it has used up by now. */
  ask(question: Question): Promise<Usage>;
  close(): Promise<void>;
}

// The logs of the services go where logs of a benchmark belong; writing them is part of their work.
const forked = (task: ChildTask): ChildProcess =>
  fork(__filename, [CHILD_OPTION, JSON.stringify(task)], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    execArgv: [],
  });

/** The next message of that kind; rejects when the process ends first or takes too long. */
function next<Kind extends keyof Messages>(
  child: ChildProcess,
  kind: Kind,
  timeoutMs = START_TIMEOUT_MS,
): Promise<Messages[Kind]> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => fail(`said nothing in ${timeoutMs} ms`), timeoutMs);
    const fail = (why: string): void => end(() => reject(new Error(`a benchmark process ${why}`)));
    const onExit = (code: number | null): void => fail(`ended with ${code}`);
    const onMessage = (message: Messages[Kind] & { readonly kind: string }): void => {
      if (message.kind === kind) end(() => resolve(message));
    };
    const end = (settle: () => void): void => {
      clearTimeout(timer);
      child.off('exit', onExit);
      child.off('message', onMessage);
      settle();
    };
    child.on('exit', onExit);
    child.on('message', onMessage);
  });
}

export async function startService(role: Role, options: RoleOptions): Promise<ServiceProcess> {
  const child = forked({ kind: 'role', role, options });
  const { url, rootPem } = await next(child, 'ready');
  return {
    url,
    ...(rootPem !== undefined && { rootPem }),
    ask: async (question) => {
      const answer = next(child, 'usage');
      child.send(question);
      return (await answer).usage;
    },
    close: async () => {
      if (child.exitCode !== null) return;
      const ended = once(child, 'exit');
      // It ends by itself when nobody listens any more.
      child.disconnect();
      const timer = setTimeout(() => child.kill('SIGKILL'), END_TIMEOUT_MS);
      await ended;
      clearTimeout(timer);
    },
  };
}

export interface LoadedResult extends LoadResult {
  /** Processor time of the server for each answer. */
  readonly cpuMsEach: number;
  readonly peakMiB: number;
}

/**
 * Loads a service from another process, and looks at what the service uses up meanwhile; with a file, it leaves a profile of
 * that time there.
 */
export async function load(
  server: ServiceProcess,
  job: LoadJob,
  profileFile?: string,
): Promise<LoadedResult> {
  const child = forked({ kind: 'load', job });
  await next(child, 'warm', START_TIMEOUT_MS + job.warmMs);
  const before = await server.ask({ kind: 'begin', profile: profileFile !== undefined });
  const answer = next(child, 'result', START_TIMEOUT_MS + job.ms);
  child.send({ kind: 'go' });
  const { result } = await answer;
  const after = await server.ask({
    kind: 'end',
    ...(profileFile !== undefined && { profileFile }),
  });
  return {
    ...result,
    cpuMsEach: (after.cpuMs - before.cpuMs) / result.answers,
    peakMiB: after.peakMiB,
  };
}
