import type { CodedError } from '@touchstone/errors';

type ErrorClass<Thrown extends CodedError> = abstract new (...args: never[]) => Thrown;

/** Runs `action`, which must throw an error of this class with this code, and gives the error back for more questions. */
export function expectCode<Thrown extends CodedError>(
  action: () => unknown,
  errorClass: ErrorClass<Thrown>,
  code: Thrown['code'],
): Thrown {
  let thrown: unknown;
  try {
    action();
  } catch (error) {
    thrown = error;
  }
  return coded(thrown, errorClass, code);
}

/** The same for a promise. */
export async function expectCodeOf<Thrown extends CodedError>(
  promise: Promise<unknown>,
  errorClass: ErrorClass<Thrown>,
  code: Thrown['code'],
): Promise<Thrown> {
  const thrown: unknown = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  return coded(thrown, errorClass, code);
}

function coded<Thrown extends CodedError>(
  thrown: unknown,
  errorClass: ErrorClass<Thrown>,
  code: Thrown['code'],
): Thrown {
  if (thrown instanceof errorClass && thrown.code === code) return thrown;
  const got = thrown === undefined ? 'nothing was thrown' : `got ${describe(thrown)}`;
  throw new Error(`expected ${errorClass.name} ${code}, ${got}`, { cause: thrown });
}

function describe(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  return 'code' in thrown
    ? `${thrown.name} ${String(thrown.code)}`
    : `${thrown.name}: ${thrown.message}`;
}
