/** One version of a vault key. `material` is PKCS#8 DER (RSA, EC) or the raw octets (oct); encrypted at rest. */
export interface VaultKeyVersion {
  readonly vault: string;
  readonly name: string;
  /** 32 lower-case hex digits. */
  readonly version: string;
  readonly kty: string;
  readonly crv?: string;
  readonly keyOps: readonly string[];
  readonly material: Uint8Array;
  /** Public JWK members (`n`, `e`, `x`, `y`, `crv`); empty for oct. */
  readonly publicJwk: Readonly<Record<string, string>>;
  readonly enabled: boolean;
  readonly exportable: boolean;
  readonly notBefore?: Date;
  readonly expires?: Date;
  readonly created: Date;
  readonly updated: Date;
  readonly tags: Readonly<Record<string, string>>;
  /** `data` is the stored policy text, base64url. */
  readonly releasePolicy?: {
    readonly contentType: string;
    readonly data: string;
    readonly immutable: boolean;
  };
}

/** A deleted key: its newest version and when it goes for good. */
export interface DeletedVaultKey {
  readonly key: VaultKeyVersion;
  readonly deletedAt: Date;
  readonly purgeAt: Date;
}

export interface Page<Item> {
  readonly items: readonly Item[];
  /** Hand it back as `after` to go on; absent on the last page. */
  readonly next?: string;
}

export interface VaultKeyStore {
  /** `deleted` when the name is held by a deleted key. One transaction. */
  insert(key: VaultKeyVersion): Promise<'inserted' | 'deleted'>;
  /** The named version, or the newest one. Deleted keys are not found. */
  get(vault: string, name: string, version?: string): Promise<VaultKeyVersion | undefined>;
  /** Newest version of each key, by name. */
  list(vault: string, limit: number, after?: string): Promise<Page<VaultKeyVersion>>;
  versions(
    vault: string,
    name: string,
    limit: number,
    after?: string,
  ): Promise<Page<VaultKeyVersion>>;
  /**
   * Replaces what may change of a version (all but its material), if it still is as `previous` says: `changed` when
   * another caller was first, `gone` when there is no such version any more.
   */
  update(key: VaultKeyVersion, previous: VaultKeyVersion): Promise<'updated' | 'changed' | 'gone'>;
  markDeleted(
    vault: string,
    name: string,
    deletedAt: Date,
    purgeAt: Date,
  ): Promise<DeletedVaultKey | undefined>;
  getDeleted(vault: string, name: string): Promise<DeletedVaultKey | undefined>;
  listDeleted(vault: string, limit: number, after?: string): Promise<Page<DeletedVaultKey>>;
  recover(vault: string, name: string): Promise<VaultKeyVersion | undefined>;
  purge(vault: string, name: string): Promise<boolean>;
}
