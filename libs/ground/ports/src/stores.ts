/** One signing key of a service. `privateKey` is PKCS#8 DER; the store encrypts it at rest. */
export interface SigningKeyRecord {
  readonly id: string;
  /** What the key signs, such as `attestation/eastus2`, `identity`, `vault-release`, `sgx-root`. */
  readonly purpose: string;
  readonly privateKey: Uint8Array;
  /** DER certificates, leaf first; may be empty. */
  readonly certificates: readonly Uint8Array[];
  readonly createdAt: Date;
  /** From then on the key signs no longer, but its signatures still verify. It may lie ahead: the next key is announced. */
  readonly retiredAt?: Date;
}

export interface SigningKeyStore {
  /** Newest first. */
  list(purpose: string): Promise<readonly SigningKeyRecord[]>;
  /** `exists` when the id is taken: another replica was first, read its key instead. */
  add(record: SigningKeyRecord): Promise<'inserted' | 'exists'>;
  retire(id: string, at: Date): Promise<void>;
}

/** A store whose keys give way to one another. */
export interface RotatingKeyStore extends SigningKeyStore {
  /**
   * Adds the record and retires every other key of its purpose at `at`, or when it would have been anyway if that is earlier:
   * all of it or nothing. `exists`, and nothing is done, when the id is taken.
   */
  rotate(record: SigningKeyRecord, at: Date): Promise<'inserted' | 'exists'>;
  /** Deletes the keys of a purpose that were retired before `before`. */
  forgetRetired(purpose: string, before: Date): Promise<void>;
}

/** A body kept exactly as an upstream sent it. */
export interface CachedDocument {
  readonly key: string;
  readonly body: Uint8Array;
  readonly contentType: string;
  /** Headers that belong to the body, such as issuer chains; names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly fetchedAt: Date;
}

export interface DocumentCache {
  get(key: string): Promise<CachedDocument | undefined>;
  /** Keys with this prefix, in ascending order. */
  keys(prefix: string): Promise<readonly string[]>;
  /** Writes all of them or none. */
  put(documents: readonly CachedDocument[]): Promise<void>;
  delete(key: string): Promise<void>;
}

/** What the provisioning authority knows of a processor it made: its root provisioning key, never its seal key. */
export interface FusedPlatform {
  /** 32 hex digits, lower case. */
  readonly ppid: string;
  /** 16 bytes; the store encrypts it at rest. */
  readonly rootProvisioningKey: Uint8Array;
  /** Name of the processor model, which fixes FMSPC, PCEID and CA. */
  readonly model: string;
  readonly createdAt: Date;
}

export interface FuseStore {
  add(platform: FusedPlatform): Promise<'inserted' | 'exists'>;
  find(ppid: string): Promise<FusedPlatform | undefined>;
  list(): Promise<readonly FusedPlatform[]>;
}

/** Small named JSON documents: revocations, TCB state, providers. */
export interface SettingStore {
  get(name: string): Promise<unknown>;
  set(name: string, value: unknown): Promise<void>;
}

/** A decision record as it is kept: `record` is JSON text, the rest is for finding it. */
export interface StoredDecision {
  readonly requestId: string;
  readonly service: string;
  readonly at: Date;
  readonly record: string;
}

/** Bounded: the oldest records give way. */
export interface DecisionStore {
  /**
   * Resolves at once, unless too many records wait to be written. Never rejects: a record that cannot be kept is a line in
   * the log. Those that wait are lost when the process is killed.
   */
  append(decision: StoredDecision): Promise<void>;
  /** Resolves when the record is written, and rejects when it cannot be: for what must not happen without one. */
  keep(decision: StoredDecision): Promise<void>;
  /** Resolves when all that was appended is written. */
  flush(): Promise<void>;
  /** Finds what was appended a moment ago too. */
  find(requestId: string): Promise<StoredDecision | undefined>;
  /** Newest first. */
  recent(limit: number): Promise<readonly StoredDecision[]>;
}
