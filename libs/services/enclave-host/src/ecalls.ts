import { CodedError } from '@touchstone/errors';
import type { EnclaveLog } from './enclave-log';
import type { Errands } from './errands';
import type { HostedEnclave } from './ports';

/** An enclave to be entered. */
export interface EcallTarget {
  readonly hosted: HostedEnclave;
  readonly log: EnclaveLog;
  /** What it may ask of its host. */
  readonly errands: Errands;
  readonly deadlineMilliseconds: number;
}

/** One ECALL, which the enclave's log tells of. */
export async function enter(
  { hosted, log, errands, deadlineMilliseconds }: EcallTarget,
  name: string,
  payload: Uint8Array,
): Promise<Uint8Array> {
  log.add('ecall', name);
  try {
    return await hosted.ecall(name, payload, { deadlineMilliseconds, ocalls: errands.ocalls });
  } catch (failure) {
    const error = errands.reasonOf(failure);
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
  const { hosted, errands, deadlineMilliseconds } = target;
  const { ocalls } = errands;
  for await (const payload of payloads) {
    signal.throwIfAborted();
    yield await hosted
      .ecall(name, payload, { deadlineMilliseconds, ocalls })
      .catch((failure: unknown) => Promise.reject(errands.reasonOf(failure)));
  }
}
