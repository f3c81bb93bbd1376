import { type ChildProcess, fork } from 'node:child_process';
import type { ChildTask } from './child';
import type { FloorName } from './floor';
import type { LoadResult } from './load';
import type { RunningRole } from './roles';
import type { Usage } from './usage';
import type { FleetResult } from './verify-fleet';

export const CHILD_OPTION = '--child';

export const START_TIMEOUT_MS = 60_000;

/** Messages that the parent waits for, by their kind. */
interface Messages {
  readonly ready: RunningRole;
  readonly usage: { readonly usage: Usage };
  readonly floor: { readonly times: Readonly<Partial<Record<FloorName, number>>> };
  readonly warm: object;
  readonly result: { readonly result: LoadResult };
  readonly fleet: { readonly result: FleetResult };
}

// The logs of the services go where logs of a benchmark belong; writing them is part of their work.
export const forked = (task: ChildTask): ChildProcess =>
  fork(__filename, [CHILD_OPTION, JSON.stringify(task)], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    execArgv: [],
  });

/** The next message of that kind; rejects when the process ends first or takes too long. */
export function next<Kind extends keyof Messages>(
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
