import { hasCode } from '@touchstone/errors';

/** The value of `work`, or undefined where it says, in a code, that the bytes are something else. */
export function attempt<Value>(work: () => Value): Value | undefined {
  try {
    return work();
  } catch (error) {
    if (hasCode(error) || error instanceof SyntaxError || error instanceof URIError) {
      return undefined;
    }
    throw error;
  }
}
