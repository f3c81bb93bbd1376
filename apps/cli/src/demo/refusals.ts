import type { ReleasedEnclave } from '@touchstone/server-enclave-host';
import { toHex } from '@touchstone/bytes';
import type { DecisionRecord } from '@touchstone/decision';
import { RpcCallError, type EnclaveHostClient, type Refusal } from '@touchstone/enclave-rpc';
import type { TrainerOrder } from './trainer-run';
import { runTrainer } from './trainer-run';

/** What was tried, who said no, and the one check that decided. */
export interface RefusalReport {
  readonly case: string;
  readonly refusedBy: string;
  /** HTTP status and error code of the refusing service. */
  readonly status: number;
  readonly code: string;
  readonly requestId: string;
  /** Name of the deciding check. */
  readonly decisive: string;
  readonly read?: string;
  readonly expected?: string;
}

export interface RefusalTools {
  readonly host: EnclaveHostClient;
  readonly order: Omit<TrainerOrder, 'enclaveId'>;
  readonly decisionOf: (requestId: string) => Promise<DecisionRecord | undefined>;
}

export class NotRefusedError extends Error {}

/** Loads an enclave and has it ask for the key: it must be refused. */
export async function refuseEnclave(
  name: string,
  tools: RefusalTools,
  enclave: ReleasedEnclave,
  debug: boolean,
): Promise<RefusalReport> {
  const { id } = await tools.host.loadEnclave({ bundle: enclave.bundle, debug });
  try {
    const run = runTrainer(tools.host, { ...tools.order, enclaveId: id }, () => undefined);
    return await reportOf(name, tools, await refusalIn(name, run));
  } finally {
    await tools.host.terminateEnclave({ enclaveId: id });
  }
}

/**
 * The host takes a genuine quote of the reviewed enclave and asks for a token over a key of its own: the man in the
 * middle. The quote does not speak for that key.
 */
export async function refuseKeySwap(
  name: string,
  tools: RefusalTools,
  enclaveId: string,
  ownKey: { readonly n: string; readonly e: string },
): Promise<RefusalReport> {
  const { quote } = await tools.host.getEvidence({ enclaveId, nonce: new Uint8Array(0) });
  const keys = [{ kty: 'RSA', kid: 'man-in-the-middle', use: 'enc', ...ownKey }];
  const attempt = tools.host.attest({
    quote,
    runtimeData: new TextEncoder().encode(JSON.stringify({ keys })),
    runtimeDataType: 'RUNTIME_DATA_TYPE_JSON',
    attestationUrl: tools.order.attestationUrl,
  });
  return reportOf(name, tools, await refusalIn(name, attempt));
}

async function refusalIn(name: string, attempt: Promise<unknown>): Promise<Refusal> {
  try {
    await attempt;
  } catch (error) {
    if (error instanceof RpcCallError && error.refusal !== undefined) return error.refusal;
    throw error;
  }
  throw new NotRefusedError(`${name} was not refused`);
}

async function reportOf(
  name: string,
  tools: RefusalTools,
  refusal: Refusal,
): Promise<RefusalReport> {
  const { by, status, code, requestId } = refusal;
  const record = await tools.decisionOf(requestId);
  const check = record?.checks.find(
    ({ name: it, result }) => it === record.decisive && result === 'failed',
  );
  return {
    case: name,
    refusedBy: by,
    status,
    code,
    requestId,
    decisive: record?.decisive ?? '',
    ...(check?.read !== undefined && { read: check.read }),
    ...(check?.expected !== undefined && { expected: check.expected }),
  };
}

export const shortHex = (bytes: Uint8Array): string => `${toHex(bytes).slice(0, 16)}…`;
