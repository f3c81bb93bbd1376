import { type LoadJob, runLoad } from './load';
import { Profiler } from './profiler';
import { type Role, type RoleOptions, startRole } from './roles';
import { usage } from './usage';

/** What a child process is told to be, in the arguments after `--child`. */
export type ChildTask =
  | { readonly kind: 'role'; readonly role: Role; readonly options: RoleOptions }
  | { readonly kind: 'load'; readonly job: LoadJob };

/** What a service's process is asked; each is answered with what it has used up by then. */
export type Question =
  | { readonly kind: 'begin'; readonly profile: boolean }
  | { readonly kind: 'end'; readonly profileFile?: string };

const tell = (message: unknown): void => {
  process.send?.(message);
};

/** Is one service until told to end, or loads one. */
export const beChild = (task: ChildTask): Promise<void> =>
  task.kind === 'load' ? beLoad(task.job) : beService(task.role, task.options);

async function beLoad(job: LoadJob): Promise<void> {
  const go = new Promise<void>((resolve) => process.once('message', () => resolve()));
  const result = await runLoad(job, async () => {
    tell({ kind: 'warm' });
    await go;
  });
  tell({ kind: 'result', result });
  process.disconnect();
}

async function beService(role: Role, options: RoleOptions): Promise<void> {
  let profiler: Profiler | undefined;
  const answer = async (question: Question): Promise<void> => {
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
