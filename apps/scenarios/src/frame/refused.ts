import { RpcCallError } from '@touchstone/enclave-rpc';
import { CodedError } from '@touchstone/errors';

/** A trusted party said no: the outcome that an attack must have, and that an honest run must not. */
export class Refused extends CodedError {
  /** The party that refused, as steps name it. */
  readonly by: string;

  constructor(by: string, code: string, message: string, cause?: unknown) {
    super(code, message, { cause });
    this.by = by;
  }
}

/** Codes of the machine itself, not of the enclave: each has its own party. */
const MACHINE_REFUSALS = new Set(['QE_INVALID_REPORT']);

/**
 * The answer to a call to a party; what that party refuses becomes `Refused` with the code that it gave. A call that fails for
 * any other reason (a host that is away, a limit) fails as it does.
 */
export async function asked<Answer>(party: string, call: Promise<Answer>): Promise<Answer> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof RpcCallError) {
      const { enclaveCode, refusal, code, message } = error;
      if (MACHINE_REFUSALS.has(code)) throw new Refused('quoting enclave', code, message, error);
      const said = enclaveCode ?? refusal?.code;
      if (said !== undefined) throw new Refused(party, said, message, error);
    }
    throw error;
  }
}
