import type { SelfSignedLayout } from '@touchstone/pki';
import type { SigningKeyRecord } from '@touchstone/ports';
import type { TokenSigner } from '@touchstone/token';

/** What signs tokens: a key of this process at once, one in an enclave after a while. */
export interface ProviderSigner extends Pick<TokenSigner, 'kid' | 'alg'> {
  /** RSASSA-PKCS1-v1_5 with SHA-256. */
  sign(data: Uint8Array): Uint8Array | Promise<Uint8Array>;
}

/** A key of a region in use. */
export interface RegionKey extends ProviderSigner {
  /** DER SubjectPublicKeyInfo. */
  readonly spki: Uint8Array;
  /** Quote of the enclave that the key was born in. */
  readonly quote?: Uint8Array;
  /** The certificate in the name of `issuer`; undefined when there is none and none can be made any more. */
  certificate(issuer: string, layout: SelfSignedLayout): Promise<Uint8Array | undefined>;
  /** What must be done before the key signs for `issuer`. @throws AttestationError ATTESTATION_KEY_LOST */
  prepare(issuer: string): Promise<void>;
  /** The key signs nothing more: its certificates stay. */
  end(): Promise<void>;
}

/** How the keys of a region come into the world, and back out of the store. */
export interface KeyKind {
  /** Of the records in the store. */
  readonly purpose: string;
  /** A new key, as the secret that the store keeps of it. */
  bear(): Promise<Uint8Array>;
  open(record: SigningKeyRecord): RegionKey;
  /** Lets go of what is kept of a key beside its record. */
  forget(id: string): Promise<void>;
}
