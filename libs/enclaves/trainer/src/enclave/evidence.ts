import { concat, fromUtf8, sha256, toBase64Url } from '@touchstone/bytes';
import type { EncryptionJwk } from './key-pair';
import type { EnclaveRuntime } from './runtime';

export interface Evidence {
  readonly quote: Uint8Array;
  /** UTF-8 JSON, exactly as hashed into the report. */
  readonly runtimeData: Uint8Array;
}

/** Room of REPORTDATA after the hash. */
const REPORT_DATA_PADDING = 32;
/** Bytes of a caller's nonce. */
export const MAX_NONCE_BYTES = 64;

/**
 * A quote that binds the enclave's public key: REPORTDATA is the SHA-256 of the runtime data, then zeros. The runtime data is
 * composed here, never taken from the host, or else the host could have any key bound to this enclave.
 */
export async function makeEvidence(
  jwk: EncryptionJwk,
  nonce: Uint8Array,
  runtime: EnclaveRuntime,
): Promise<Evidence> {
  const document = {
    keys: [jwk],
    ...(nonce.length > 0 && { 'client-payload': { nonce: toBase64Url(nonce) } }),
  };
  const runtimeData = fromUtf8(JSON.stringify(document));
  const reportData = concat(sha256(runtimeData), new Uint8Array(REPORT_DATA_PADDING));
  const targetInfo = await runtime.ocall('qe-target-info', new Uint8Array());
  const report = await runtime.report(targetInfo, reportData);
  return { quote: await runtime.ocall('quote', report), runtimeData };
}
