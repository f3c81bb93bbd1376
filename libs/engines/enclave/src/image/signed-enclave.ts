import { fromBase64Url, toBase64Url } from '@touchstone/bytes';
import { EnclaveError } from '../enclave-error';
import { manifestToJson, parseManifest, type EnclaveManifest } from './manifest';

/** An enclave as it is shipped: manifest, code, and its author's signature. */
export interface SignedEnclave {
  readonly manifest: EnclaveManifest;
  readonly code: Uint8Array;
  /** 1808 bytes. */
  readonly sigstruct: Uint8Array;
}

/** JSON members of a shipped enclave: the manifest as text, bytes as base64url. */
export interface SignedEnclaveJson {
  readonly manifest: string;
  readonly code: string;
  readonly sigstruct: string;
}

export const signedEnclaveToJson = (enclave: SignedEnclave): SignedEnclaveJson => ({
  manifest: manifestToJson(enclave.manifest),
  code: toBase64Url(enclave.code),
  sigstruct: toBase64Url(enclave.sigstruct),
});

/** @throws EnclaveError ENCLAVE_IMAGE_MALFORMED, ENCLAVE_MANIFEST_INVALID; BytesError BYTES_INVALID_BASE64 */
export function signedEnclaveFromJson(value: unknown): SignedEnclave {
  const members = typeof value === 'object' && value !== null ? value : {};
  const text = (name: keyof SignedEnclaveJson): string => {
    const member: unknown = name in members ? (members as SignedEnclaveJson)[name] : undefined;
    if (typeof member === 'string') return member;
    throw new EnclaveError('ENCLAVE_IMAGE_MALFORMED', `${name} is not text`, { field: name });
  };
  return {
    manifest: parseManifest(text('manifest')),
    code: fromBase64Url(text('code'), 'code'),
    sigstruct: fromBase64Url(text('sigstruct'), 'sigstruct'),
  };
}
