import { fromUtf8, toBase64Url, toUtf8 } from '@touchstone/bytes';
import type { Enclave, RsaKeyPair } from '@touchstone/enclave-sdk';
import type { Random } from '@touchstone/ports';
import { makeKeyEvidence } from './key-evidence';
import { releasedKey, WRAPPING } from './released-key';

const RELEASE_NONCE_BYTES = 16;

export interface KeyRequest {
  readonly keyPair: RsaKeyPair;
  readonly random: Random;
  /** Base URL of the attestation provider; the host's default unless given. */
  readonly attestationUrl?: string;
  /** `https://<vault>/keys/<name>[/<version>]`; the one that the host is on an errand for unless given. */
  readonly keyId?: string;
  /** Told when each step is behind; what it throws ends the release. */
  readonly onStep?: (step: 'quoted' | 'attested' | 'released') => Promise<void>;
}

/**
 * Secure key release, from inside: a quote over the enclave's own key, a token for it (OCALL `attest`), the key that a vault releases
 * to that token (OCALL `release`). The host carries the messages; each answer proves itself or is refused.
 * @returns AES-256 key. @throws KeyReleaseError KEY_RELEASE_MALFORMED, KEY_RELEASE_REFUSED, RELEASED_KEY_UNSUITABLE; KeyWrapError;
 * whatever the host answers its OCALLs with
 */
export async function obtainKey(
  enclave: Pick<Enclave, 'getEvidence' | 'ocall'>,
  { keyPair, random, attestationUrl, keyId, onStep = async () => undefined }: KeyRequest,
): Promise<Uint8Array> {
  const evidence = await makeKeyEvidence(keyPair.publicJwk, new Uint8Array(), enclave);
  await onStep('quoted');
  const token = await enclave.ocall(
    'attest',
    toJson({
      quote: toBase64Url(evidence.quote),
      runtimeData: toBase64Url(evidence.runtimeData),
      ...(attestationUrl !== undefined && { attestationUrl }),
    }),
  );
  await onStep('attested');
  const nonce = toBase64Url(random.bytes(RELEASE_NONCE_BYTES));
  const request = { token: toUtf8(token), nonce, enc: WRAPPING };
  const released = await enclave.ocall(
    'release',
    toJson({ ...request, ...(keyId !== undefined && { keyId }) }),
  );
  const key = releasedKey(toUtf8(released), nonce, keyPair);
  await onStep('released');
  return key;
}

const toJson = (value: object): Uint8Array => fromUtf8(JSON.stringify(value));
