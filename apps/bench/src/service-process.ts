import { once } from 'node:events';
import type { Question } from './child';
import { forked, next } from './child-process';
import type { FloorName } from './floor';
import type { Role, RoleOptions, RunningRole } from './roles';
import type { Usage } from './usage';

const END_TIMEOUT_MS = 10_000;

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
