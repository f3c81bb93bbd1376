import { concat, sha256 } from '@touchstone/bytes';
import { NotaryError } from './notary-error';

/** What enclave code gets with each ECALL; it has nothing else to reach out with. */
export interface EnclaveRuntime {
  /** Asks the host. The answer is not to be trusted. */
  ocall(name: string, payload: Uint8Array): Promise<Uint8Array>;
  /** EREPORT: TARGETINFO (512 bytes) and REPORTDATA (64 bytes) to a REPORT (432 bytes). */
  report(targetInfo: Uint8Array, reportData: Uint8Array): Promise<Uint8Array>;
}

export const MAX_RUNTIME_DATA_BYTES = 1024 * 1024;
/** Room of REPORTDATA after the hash. */
const REPORT_DATA_PADDING = 32;

/**
 * Runtime data to a quote whose REPORTDATA is the SHA-256 of the runtime data, then zeros. The hash is taken in here: a quote
 * says that this enclave saw the whole of it. NOTARY_RUNTIME_DATA_TOO_LARGE.
 */
export async function quote(runtimeData: Uint8Array, runtime: EnclaveRuntime): Promise<Uint8Array> {
  if (runtimeData.length > MAX_RUNTIME_DATA_BYTES) {
    throw new NotaryError('NOTARY_RUNTIME_DATA_TOO_LARGE', 'there is too much runtime data');
  }
  const reportData = concat(sha256(runtimeData), new Uint8Array(REPORT_DATA_PADDING));
  const targetInfo = await runtime.ocall('qe-target-info', new Uint8Array());
  return runtime.ocall('quote', await runtime.report(targetInfo, reportData));
}
