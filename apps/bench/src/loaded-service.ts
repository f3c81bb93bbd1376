import type { ChildProcess } from 'node:child_process';
import { START_TIMEOUT_MS, forked, next } from './child-process';
import { type LoadJob, type LoadResult, MAX_WARM_MS } from './load';
import type { Operations, ServiceProcess } from './service-process';

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
    await next(child, 'warm', START_TIMEOUT_MS + MAX_WARM_MS + job.warmMs);
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
