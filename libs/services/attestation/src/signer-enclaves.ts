/**
 * Where enclaves run that hold signing keys: a machine that nobody has to trust, for it sees neither keys nor the secret
 * that has things signed. Failures are AttestationError ATTESTATION_TEE_UNAVAILABLE, and ATTESTATION_KEY_LOST when there is no
 * such enclave any more.
 */
export interface SignerEnclaves {
  /** Loads a signer and has a key born in it, for `controller` (X25519, 32 bytes); `birth` is what the enclave says of it. */
  bear(controller: Uint8Array): Promise<{ readonly enclaveId: string; readonly birth: Uint8Array }>;
  /** RSASSA-PKCS1-v1_5 with SHA-256 over the data of the call. */
  sign(enclaveId: string, call: Uint8Array): Promise<Uint8Array>;
  end(enclaveId: string): Promise<void>;
}
