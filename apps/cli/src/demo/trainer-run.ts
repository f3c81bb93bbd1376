import type {
  EnclaveHostClient,
  RunTrainerRequest,
  TrainerProgress,
  TrainerResult,
} from '@touchstone/enclave-rpc';

const CHUNK_BYTES = 256 * 1024;

export interface TrainerOrder {
  readonly enclaveId: string;
  readonly attestationUrl: string;
  readonly keyId: string;
  readonly encrypted: Uint8Array;
}

/** Has an enclave train on encrypted data, telling of its progress. Throws RpcCallError, with the refusing party's answer. */
export async function runTrainer(
  host: EnclaveHostClient,
  order: TrainerOrder,
  onProgress: (progress: TrainerProgress) => void,
): Promise<TrainerResult> {
  for await (const event of host.runTrainer(requestsOf(order))) {
    if (event.progress !== undefined) onProgress(event.progress);
    if (event.result !== undefined) return event.result;
  }
  throw new Error('the enclave host ended the run without a result');
}

function* requestsOf({ encrypted, ...start }: TrainerOrder): Generator<RunTrainerRequest> {
  yield { start: { ...start, datasetBytes: encrypted.length } };
  for (let offset = 0; offset < encrypted.length; offset += CHUNK_BYTES) {
    yield { chunk: encrypted.subarray(offset, offset + CHUNK_BYTES) };
  }
}
