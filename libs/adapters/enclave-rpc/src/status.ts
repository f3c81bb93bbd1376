import { Metadata, status as grpcStatus } from '@grpc/grpc-js';
import type { ServiceError } from '@grpc/grpc-js';
import { CodedError } from '@touchstone/errors';
import { RpcCallError } from './rpc-error';
import type { Refusal } from './rpc-error';

export type StatusName = keyof typeof grpcStatus;

/** One server's table: which gRPC status each of its codes answers. Codes that are not in it are INTERNAL. */
export type StatusTable = Readonly<Record<string, StatusName>>;

const trailer = {
  code: 'touchstone-code',
  field: 'touchstone-field',
  enclaveCode: 'touchstone-enclave-code',
  refusedBy: 'touchstone-refused-by',
  refusedStatus: 'touchstone-refused-status',
  refusedCode: 'touchstone-refused-code',
  refusedRequestId: 'touchstone-refused-request-id',
} as const;

const MAX_TRAILER_CHARACTERS = 256;
const MAX_DETAILS_CHARACTERS = 1024;

/** What goes on the wire for a failed call. Details of an unforeseen error stay at home. */
export interface WireStatus {
  readonly code: number;
  readonly details: string;
  readonly metadata: Metadata;
}

/** The one place where an error becomes a gRPC status. `foreseen` is false when the error belongs in the log. */
export function toWireStatus(
  error: unknown,
  table: StatusTable,
): WireStatus & { foreseen: boolean } {
  const name = error instanceof CodedError ? table[error.code] : undefined;
  if (!(error instanceof CodedError) || name === undefined) {
    return {
      code: grpcStatus.INTERNAL,
      details: 'internal error',
      metadata: new Metadata(),
      foreseen: false,
    };
  }
  const metadata = new Metadata();
  set(metadata, trailer.code, error.code);
  if (error.field !== undefined) set(metadata, trailer.field, error.field);
  if ('enclaveCode' in error && typeof error.enclaveCode === 'string') {
    set(metadata, trailer.enclaveCode, error.enclaveCode);
  }
  const refusal = refusalOf(error);
  if (refusal !== undefined) {
    set(metadata, trailer.refusedBy, refusal.by);
    set(metadata, trailer.refusedStatus, String(refusal.status));
    set(metadata, trailer.refusedCode, refusal.code);
    set(metadata, trailer.refusedRequestId, refusal.requestId);
  }
  const details = printable(error.message).slice(0, MAX_DETAILS_CHARACTERS);
  return { code: grpcStatus[name], details, metadata, foreseen: true };
}

/** The way back, at the caller: status and trailers become one error. */
export function fromServiceError(error: ServiceError): RpcCallError {
  const status = statusName(error.code);
  const field = get(error.metadata, trailer.field);
  const enclaveCode = get(error.metadata, trailer.enclaveCode);
  const refusal = refusalIn(error.metadata);
  return new RpcCallError(
    get(error.metadata, trailer.code) ?? `RPC_${status}`,
    status,
    error.details,
    {
      cause: error,
      ...(field !== undefined && { field }),
      ...(enclaveCode !== undefined && { enclaveCode }),
      ...(refusal !== undefined && { refusal }),
    },
  );
}

function statusName(code: number): StatusName {
  const name: string | undefined = grpcStatus[code];
  return name === undefined ? 'UNKNOWN' : (name as StatusName);
}

function refusalOf(error: CodedError): Refusal | undefined {
  if (!('refusal' in error)) return undefined;
  const { refusal } = error;
  return isRefusal(refusal) ? refusal : undefined;
}

function isRefusal(value: unknown): value is Refusal {
  if (typeof value !== 'object' || value === null) return false;
  const { by, status, code, requestId } = value as Record<string, unknown>;
  return (
    (by === 'attestation' || by === 'key-vault' || by === 'storage') &&
    typeof status === 'number' &&
    typeof code === 'string' &&
    typeof requestId === 'string'
  );
}

function refusalIn(metadata: Metadata): Refusal | undefined {
  const refusal = {
    by: get(metadata, trailer.refusedBy),
    status: Number(get(metadata, trailer.refusedStatus)),
    code: get(metadata, trailer.refusedCode) ?? '',
    requestId: get(metadata, trailer.refusedRequestId) ?? '',
  };
  return isRefusal(refusal) ? refusal : undefined;
}

function get(metadata: Metadata, name: string): string | undefined {
  const value = metadata.get(name)[0];
  return typeof value === 'string' ? value : undefined;
}

// Metadata values are printable ASCII; anything else would make the whole answer fail.
function set(metadata: Metadata, name: string, value: string): void {
  metadata.set(name, printable(value).slice(0, MAX_TRAILER_CHARACTERS));
}

const printable = (text: string): string => text.replace(/[^\x20-\x7e]/g, '?');
