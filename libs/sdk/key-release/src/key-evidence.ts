import { fromUtf8, sha256, toBase64Url } from '@touchstone/bytes';
import type { Enclave, RsaPublicJwk } from '@touchstone/enclave-sdk';
import { KeyReleaseError } from './key-release-error';

export interface KeyEvidence {
  readonly quote: Uint8Array;
  /** UTF-8 JSON, exactly as hashed into the report. */
  readonly runtimeData: Uint8Array;
}

/** Bytes of a caller's nonce. */
export const MAX_NONCE_BYTES = 64;

/**
 * A quote that binds the enclave's public key: REPORTDATA is the SHA-256 of the runtime data, then zeros. The runtime data is
 * composed here, never taken from the host, or else the host could have any key bound to this enclave.
 * @throws KeyReleaseError KEY_EVIDENCE_NONCE
 */
export async function makeKeyEvidence(
  { kty, kid, n, e }: RsaPublicJwk,
  nonce: Uint8Array,
  enclave: Pick<Enclave, 'getEvidence'>,
): Promise<KeyEvidence> {
  if (nonce.length > MAX_NONCE_BYTES) {
    throw new KeyReleaseError('KEY_EVIDENCE_NONCE', 'the nonce is too long', { field: 'nonce' });
  }
  const document = {
    keys: [{ kty, kid, use: 'enc', n, e }],
    ...(nonce.length > 0 && { 'client-payload': { nonce: toBase64Url(nonce) } }),
  };
  const runtimeData = fromUtf8(JSON.stringify(document));
  return { quote: await enclave.getEvidence(sha256(runtimeData)), runtimeData };
}

/** What a host expects of an ECALL `evidence`: `{"quote", "runtimeData"}`, both base64url. */
export const encodeKeyEvidence = ({ quote, runtimeData }: KeyEvidence): Uint8Array =>
  fromUtf8(JSON.stringify({ quote: toBase64Url(quote), runtimeData: toBase64Url(runtimeData) }));
