import { Command } from 'commander';
import { hasCode } from '@touchstone/errors';
import { addPolicy } from '../../commands/policy';

export interface CommandRun {
  readonly out: string;
  readonly exitCode: number;
  /** Of the error that ended it. */
  readonly code?: string;
}

/** Runs `touchstone policy …` in this process. */
export async function runPolicy(...args: readonly string[]): Promise<CommandRun> {
  const written: string[] = [];
  const write = jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    written.push(String(text));
    return true;
  });
  const before = process.exitCode;
  process.exitCode = 0;
  const program = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
  addPolicy(program);
  for (const command of allOf(program)) {
    command.exitOverride().configureOutput({ writeErr: () => undefined });
  }
  try {
    await program.parseAsync(['policy', ...args], { from: 'user' });
    return { out: written.join(''), exitCode: Number(process.exitCode) };
  } catch (error) {
    const code = hasCode(error) ? error.code : String((error as { code?: unknown }).code);
    return { out: written.join(''), exitCode: 1, code };
  } finally {
    process.exitCode = before;
    write.mockRestore();
  }
}

const allOf = (command: Command): readonly Command[] =>
  command.commands.flatMap((child) => [child, ...allOf(child)]);
