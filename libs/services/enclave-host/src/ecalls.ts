import { CodedError } from '@touchstone/errors';
import type { EnclaveLog } from './enclave-log';
import type { HostedEnclave, Ocalls } from './ports';

/** An enclave to be entered, with what it may ask of its host. */
export interface EcallTarget {
  readonly hosted: HostedEnclave;
  readonly log: EnclaveLog;
  readonly ocalls: Ocalls;
  readonly deadlineMilliseconds: number;
}

/** One ECALL, which the enclave's log tells of. */
export async function enter(
  { hosted, log, ocalls, deadlineMilliseconds }: EcallTarget,
  name: string,
  payload: Uint8Array,
): Promise<Uint8Array> {
  log.add('ecall', name);
  try {
    return await hosted.ecall(name, payload, { deadlineMilliseconds, ocalls });
  } catch (error) {
    log.add('ecall-failed', `${name} ${error instanceof CodedError ? error.code : 'INTERNAL'}`);
    throw error;
  }
}

/**
 * One ECALL after the other, until the payloads end, one fails, or `signal` aborts. The next payload is taken when the answer
 * before it was, so that neither side of a stream runs ahead of the other.
 */
export async function* enterEach(
  target: EcallTarget,
  name: string,
  payloads: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  target.log.add('ecall', `${name} (stream)`);
  const { hosted, ocalls, deadlineMilliseconds } = target;
  for await (const payload of payloads) {
    signal.throwIfAborted();
    yield await hosted.ecall(name, payload, { deadlineMilliseconds, ocalls });
  }
}
