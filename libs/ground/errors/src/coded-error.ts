export interface CodedErrorOptions {
  /** The field, member or parameter that is at fault, named as its specification names it. */
  readonly field?: string;
  /** What led here. It goes to a log, never to a caller. */
  readonly cause?: unknown;
}

/**
 * An error that is told apart by a stable `code`. Each lib narrows `Code` to a closed union of its own;
 * messages may change, codes may not.
 */
export class CodedError<Code extends string = string> extends Error {
  readonly code: Code;
  declare readonly field?: string;

  constructor(code: Code, message: string, options: CodedErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    if (options.field !== undefined) this.field = options.field;
  }
}

/** Whether `error` is one of ours and carries one of the given codes (any code when none is given). */
export function hasCode<Code extends string>(
  error: unknown,
  ...codes: readonly Code[]
): error is CodedError<Code> {
  if (!(error instanceof CodedError)) return false;
  return codes.length === 0 || (codes as readonly string[]).includes(error.code);
}
