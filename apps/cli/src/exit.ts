import type { CommanderError } from 'commander';

/** Ends the process as commander would, but with a code of our own when the usage was wrong. */
export const exitWith =
  (code: number) =>
  (error: CommanderError): never =>
    process.exit(error.exitCode === 0 ? 0 : code);
