import type { Generated, Kysely } from 'kysely';

/** Instants are ISO 8601 text in UTC with milliseconds: it sorts as time does, and both databases keep it as it is. */
type Instant = string;
/** JSON text. */
type Json = string;

interface SigningKeyTable {
  seq: Generated<number>;
  id: string;
  purpose: string;
  /** Sealed PKCS#8. */
  private_key: Uint8Array;
  /** Array of base64 DER. */
  certificates: Json;
  created_at: Instant;
  retired_at: Instant | null;
}

interface DocumentTable {
  key: string;
  body: Uint8Array;
  content_type: string;
  headers: Json;
  fetched_at: Instant;
}

interface FusedPlatformTable {
  seq: Generated<number>;
  ppid: string;
  /** Sealed, 16 bytes inside. */
  root_provisioning_key: Uint8Array;
  model: string;
  created_at: Instant;
}

interface SettingTable {
  name: string;
  value: Json;
}

interface DecisionTable {
  seq: Generated<number>;
  request_id: string;
  service: string;
  at: Instant;
  record: Json;
}

interface VaultKeyTable {
  vault: string;
  name: string;
  deleted_at: Instant | null;
  purge_at: Instant | null;
}

interface VaultKeyVersionTable {
  seq: Generated<number>;
  vault: string;
  name: string;
  version: string;
  /** Sealed. */
  material: Uint8Array;
  /** All that is not secret. */
  details: Json;
}

interface AttestationProviderTable {
  id: string;
  name: string;
  revision: number;
  /** One document, so that one statement replaces it whole. */
  details: Json;
}

interface RevokedTokenTable {
  seq: Generated<number>;
  provider: string;
  digest: string;
  expires_at: Instant;
}

interface KeyCheckTable {
  id: number;
  /** A sealed constant that only the right key-encryption key opens. */
  sealed: Uint8Array;
}

/** Kysely's own record of what is done. */
interface MigrationTable {
  name: string;
}

export interface Tables {
  touchstone_migration: MigrationTable;
  signing_key: SigningKeyTable;
  document: DocumentTable;
  fused_platform: FusedPlatformTable;
  setting: SettingTable;
  decision: DecisionTable;
  vault_key: VaultKeyTable;
  vault_key_version: VaultKeyVersionTable;
  attestation_provider: AttestationProviderTable;
  revoked_token: RevokedTokenTable;
  key_check: KeyCheckTable;
}

export type Db = Kysely<Tables>;
