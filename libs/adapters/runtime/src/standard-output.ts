import type { LogDestination } from './logger';

let shared: LogDestination | undefined;

/** The process's standard output, one for all its loggers: lines of one turn of the event loop leave in one write. */
export function standardOutput(): LogDestination {
  shared ??= batched((text) => void process.stdout.write(text), process);
  return shared;
}

interface ExitEvents {
  on(event: 'exit', listener: () => void): unknown;
}

/** Gathers lines and writes them together: a busy server pays for one system call, an idle one waits for nothing. */
export function batched(write: (text: string) => void, exit: ExitEvents): LogDestination {
  let lines = '';
  const flush = (): void => {
    const text = lines;
    lines = '';
    if (text !== '') write(text);
  };
  // A pipe or file takes what is left before the process is gone.
  exit.on('exit', flush);
  return {
    write: (line) => {
      if (lines === '') setImmediate(flush);
      lines += line;
    },
  };
}
