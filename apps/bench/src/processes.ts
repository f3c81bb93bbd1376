import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { ChildTask, Question } from './child';
import type { FloorName } from './floor';
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
  readonly floor: { readonly times: Readonly<Partial<Record<FloorName, number>>> };
  readonly warm: object;
  readonly result: { readonly result: LoadResult };
}

/** How many of each. */
export type Operations = Readonly<Partial<Record<FloorName, number>>>;

/** A service in a process of its own, so that what it uses up is its own too. */
export interface ServiceProcess extends RunningRole {
  /** Asks what it has used up by now. */
  ask(question: Exclude<Question, { kind: 'floor' }>): Promise<Usage>;
  /** Processor milliseconds of so many of each operation, as long as they take in this very process now. */
  floor(operations: Operations): Promise<number>;
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
    floor: async (operations) => {
      const counts = Object.entries(operations) as [FloorName, number][];
      const answer = next(child, 'floor');
      child.send({ kind: 'floor', names: counts.map(([name]) => name) } satisfies Question);
      const { times } = await answer;
      return counts.reduce((sum, [name, count]) => sum + count * (times[name] ?? 0), 0);
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
  /** Processor time of the cryptography that each answer needs. */
  readonly floorMs: number | undefined;
  readonly peakMiB: number;
}

export interface LoadOptions {
  readonly windows: number;
  /** What every answer costs at least. */
  readonly operations?: Operations;
  /** A profile of the last window is left there. */
  readonly profileFile?: string;
}

/**
 * Loads a service from another process, window after window, and looks at what the service uses up meanwhile. Between the
 * windows the service's own process does the bare cryptography. Whatever else the machine does only adds to either, so that
 * of both the least counts.
 */
export async function load(
  server: ServiceProcess,
  job: LoadJob,
  { windows, operations, profileFile }: LoadOptions,
): Promise<LoadedResult> {
  const child = forked({ kind: 'load', job });
  try {
    await next(child, 'warm', START_TIMEOUT_MS + job.warmMs);
    const results: LoadedResult[] = [];
    for (let left = windows; left > 0; left--) {
      const floorMs = operations && (await server.floor(operations));
      const file = left === 1 ? profileFile : undefined;
      results.push({ ...(await window(server, child, job, file)), floorMs });
    }
    const [best] = results.sort((one, other) => one.cpuMsEach - other.cpuMsEach);
    if (best === undefined) throw new Error('a load needs a window');
    const floors = results.flatMap(({ floorMs }) => floorMs ?? []);
    return { ...best, floorMs: floors.length === 0 ? undefined : Math.min(...floors) };
  } finally {
    if (child.connected) child.disconnect();
  }
}

async function window(
  server: ServiceProcess,
  child: ChildProcess,
  { ms }: LoadJob,
  profileFile: string | undefined,
): Promise<Omit<LoadedResult, 'floorMs'>> {
  const before = await server.ask({ kind: 'begin', profile: profileFile !== undefined });
  const answer = next(child, 'result', START_TIMEOUT_MS + ms);
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
