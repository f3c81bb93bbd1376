import { fromBase64Url, fromUtf8, toBase64Url, toUtf8 } from '@touchstone/bytes';
import { parseJsonObject } from '@touchstone/claims';
import { AttestationError } from './attestation-error';

/** What the store keeps, sealed, of a key that lives in an enclave. */
export interface EnclaveKeySecret {
  readonly enclaveId: string;
  /** SubjectPublicKeyInfo DER. */
  readonly spki: Uint8Array;
  /** SGX quote over the key. */
  readonly quote: Uint8Array;
  /** 32 bytes: whoever has them has things signed. */
  readonly callKey: Uint8Array;
}

export const encodeSecret = ({ enclaveId, spki, quote, callKey }: EnclaveKeySecret): Uint8Array =>
  fromUtf8(
    JSON.stringify({
      enclaveId,
      spki: toBase64Url(spki),
      quote: toBase64Url(quote),
      callKey: toBase64Url(callKey),
    }),
  );

export function decodeSecret(bytes: Uint8Array): EnclaveKeySecret {
  try {
    const members = parseJsonObject(toUtf8(bytes), 'key');
    const text = (name: string): string => String(members[name]);
    const binary = (name: string): Uint8Array => fromBase64Url(text(name), name);
    return {
      enclaveId: text('enclaveId'),
      spki: binary('spki'),
      quote: binary('quote'),
      callKey: binary('callKey'),
    };
  } catch {
    // Without the cause, which could quote the call key.
    throw new AttestationError('ATTESTATION_KEY_UNAVAILABLE', 'a kept key cannot be read');
  }
}
