import { sha256 } from '@touchstone/bytes';
import type { Enclave } from '@touchstone/enclave-sdk';
import { NotaryError } from './notary-error';

export const MAX_RUNTIME_DATA_BYTES = 1024 * 1024;

/**
 * Runtime data to a quote whose REPORTDATA is the SHA-256 of the runtime data, then zeros. The hash is taken in here: a quote
 * says that this enclave saw the whole of it. NOTARY_RUNTIME_DATA_TOO_LARGE.
 */
export async function quote(
  runtimeData: Uint8Array,
  enclave: Pick<Enclave, 'getEvidence'>,
): Promise<Uint8Array> {
  if (runtimeData.length > MAX_RUNTIME_DATA_BYTES) {
    throw new NotaryError('NOTARY_RUNTIME_DATA_TOO_LARGE', 'there is too much runtime data');
  }
  return enclave.getEvidence(sha256(runtimeData));
}
