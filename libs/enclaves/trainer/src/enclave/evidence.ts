import { fromUtf8, sha256, toBase64Url } from '@touchstone/bytes';
import type { Enclave, RsaPublicJwk } from '@touchstone/enclave-sdk';

export interface Evidence {
  readonly quote: Uint8Array;
  /** UTF-8 JSON, exactly as hashed into the report. */
  readonly runtimeData: Uint8Array;
}

/** Bytes of a caller's nonce. */
export const MAX_NONCE_BYTES = 64;

/**
 * A quote that binds the enclave's public key: REPORTDATA is the SHA-256 of the runtime data, then zeros. The runtime data is
 * composed here, never taken from the host, or else the host could have any key bound to this enclave.
 */
export async function makeEvidence(
  { kty, kid, n, e }: RsaPublicJwk,
  nonce: Uint8Array,
  enclave: Pick<Enclave, 'getEvidence'>,
): Promise<Evidence> {
  const document = {
    keys: [{ kty, kid, use: 'enc', n, e }],
    ...(nonce.length > 0 && { 'client-payload': { nonce: toBase64Url(nonce) } }),
  };
  const runtimeData = fromUtf8(JSON.stringify(document));
  return { quote: await enclave.getEvidence(sha256(runtimeData)), runtimeData };
}
