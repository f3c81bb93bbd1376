import { hasCode } from '@touchstone/errors';

/** Code and field of what `work` throws, `undefined` when it does not. */
export function codeOf(work: () => unknown): string | undefined {
  try {
    work();
  } catch (error) {
    return hasCode(error) ? [error.code, error.field].join(' ').trim() : String(error);
  }
  return undefined;
}
