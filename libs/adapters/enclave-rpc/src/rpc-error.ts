import { CodedError } from '@touchstone/errors';
import type { CodedErrorOptions } from '@touchstone/errors';
import type { StatusName } from './status';

/** Another party's answer that stopped a call, as its own wire said it. */
export interface Refusal {
  readonly by: 'attestation' | 'key-vault' | 'storage';
  /** HTTP status. */
  readonly status: number;
  /** The `code` of its error body; empty when the body had none. */
  readonly code: string;
  /** Names the decision record of that party. */
  readonly requestId: string;
}

export type RpcErrorCode = 'RPC_PROTO_NOT_FOUND' | 'RPC_PROTO_MISMATCH' | 'RPC_LISTEN_FAILED';

/** A fault of this room itself. */
export class RpcError extends CodedError<RpcErrorCode> {}

interface RpcCallErrorOptions extends CodedErrorOptions {
  readonly enclaveCode?: string;
  readonly refusal?: Refusal;
}

/**
 * A call that failed, as its caller sees it. `code` is the host's own stable code, or `RPC_` and the status name when
 * the failure is the transport's (RPC_UNAVAILABLE, RPC_DEADLINE_EXCEEDED, RPC_RESOURCE_EXHAUSTED, RPC_CANCELLED …).
 */
export class RpcCallError extends CodedError {
  readonly status: StatusName;
  /** The code that the enclave itself gave its error. */
  declare readonly enclaveCode?: string;
  declare readonly refusal?: Refusal;

  constructor(
    code: string,
    status: StatusName,
    message: string,
    options: RpcCallErrorOptions = {},
  ) {
    super(code, message, options);
    this.status = status;
    if (options.enclaveCode !== undefined) this.enclaveCode = options.enclaveCode;
    if (options.refusal !== undefined) this.refusal = options.refusal;
  }
}
