/** Who may change a provider's policies: the bearer's role alone, or a signer of the provider's too. */
export type TrustModel = 'AAD' | 'Isolated';

/** An attestation provider with all that its owner set. */
export interface AttestationProviderRecord {
  /** Never given twice: a provider that was deleted and made again is another one. */
  readonly id: string;
  /** Lower case; no two providers have the same. */
  readonly name: string;
  readonly region: string;
  readonly trustModel: TrustModel;
  readonly state: 'NotReady' | 'Ready';
  /** DER certificates that may sign policies; none where the trust model is `AAD`. */
  readonly signers: readonly Uint8Array[];
  /** Policies by attestation type: compact JWS, byte for byte as they were sent. */
  readonly policies: Readonly<Record<string, string>>;
  readonly createdAt: Date;
  /** Counts the replacements. */
  readonly revision: number;
}

export interface AttestationProviderStore {
  /** `exists` when the name is taken. */
  add(record: AttestationProviderRecord): Promise<'inserted' | 'exists'>;
  find(name: string): Promise<AttestationProviderRecord | undefined>;
  /** By name. */
  list(): Promise<readonly AttestationProviderRecord[]>;
  /**
   * Puts the record, with the next revision, in the place of the one with its id and revision, whole or not at all.
   * `stale` when that one is gone or was replaced already.
   */
  replace(record: AttestationProviderRecord): Promise<'replaced' | 'stale'>;
  remove(id: string): Promise<'removed' | 'absent'>;
}
