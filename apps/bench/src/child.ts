import { cryptoFloor, type FloorName } from './floor';
import { type LoadJob, openLoad } from './load';
import { measure } from './measure';
import { Profiler } from './profiler';
import { type Role, type RoleOptions, startRole } from './roles';
import { usage } from './usage';
import { type FleetJob, verifyFleet } from './verify-fleet';

/** What a child process is told to be, in the arguments after `--child`. */
export type ChildTask =
  | { readonly kind: 'role'; readonly role: Role; readonly options: RoleOptions }
  | { readonly kind: 'load'; readonly job: LoadJob }
  | { readonly kind: 'fleet'; readonly job: FleetJob };

/**
 * What a service's process is asked: what it has used up by then, or what the cryptography alone takes there and then, among
 * the same neighbours.
 */
export type Question =
  | { readonly kind: 'floor'; readonly names: readonly FloorName[] }
  | { readonly kind: 'begin'; readonly profile: boolean }
  | { readonly kind: 'end'; readonly profileFile?: string };

const tell = (message: unknown): void => {
  process.send?.(message);
};

/** Is one service until told to end, loads one, or verifies quotes of many platforms. */
export async function beChild(task: ChildTask): Promise<void> {
  switch (task.kind) {
    case 'role':
      return beService(task.role, task.options);
    case 'load':
      return beLoad(task.job);
    case 'fleet':
      tell({ kind: 'fleet', result: verifyFleet(task.job) });
      return process.disconnect();
  }
}

const FLOOR = { rounds: 5, batchMs: 20 };

async function beLoad(job: LoadJob): Promise<void> {
  const load = await openLoad(job);
  process.on('disconnect', () => load.close());
  await load.warm();
  process.on('message', () => {
    load.run(job.ms).then(
      (result) => tell({ kind: 'result', result }),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  });
  tell({ kind: 'warm' });
}

async function beService(role: Role, options: RoleOptions): Promise<void> {
  let profiler: Profiler | undefined;
  const answer = async (question: Question): Promise<void> => {
    if (question.kind === 'floor') {
      const works = cryptoFloor();
      const asked = Object.fromEntries(question.names.map((name) => [name, works[name]]));
      return tell({ kind: 'floor', times: measure(asked, FLOOR) });
    }
    if (question.kind === 'begin' && question.profile) {
      profiler = new Profiler();
      await profiler.start();
    }
    const used = usage();
    if (question.kind === 'end' && question.profileFile !== undefined) {
      await profiler?.stop(question.profileFile);
    }
    tell({ kind: 'usage', usage: used });
  };
  process.on('message', (question: Question) => {
    answer(question).catch((error: unknown) => {
      console.error(error);
      process.exit(1);
    });
  });
  process.on('disconnect', () => process.exit(0));
  const { url, rootPem } = await startRole(role, options);
  tell({ kind: 'ready', url, rootPem });
}
