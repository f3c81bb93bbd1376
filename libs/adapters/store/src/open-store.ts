import path from 'node:path';
import { equal, fromUtf8 } from '@touchstone/bytes';
import type {
  AttestationProviderStore,
  DecisionStore,
  DocumentCache,
  FuseStore,
  Logger,
  RevokedTokenStore,
  RotatingKeyStore,
  SettingStore,
  VaultKeyStore,
} from '@touchstone/ports';
import { createAttestationProviderStore } from './attestation-providers';
import type { Backend } from './backend';
import { createDecisionStore, DEFAULT_MAX_DECISIONS } from './decisions';
import { createDocumentCache } from './documents';
import { createFuseStore } from './fuses';
import { openPostgres } from './postgres';
import { createRevokedTokenStore } from './revoked-tokens';
import { createSealer, type Sealer } from './seal';
import { createSettingStore } from './settings';
import { createSigningKeyStore } from './signing-keys';
import { openSqlite } from './sqlite';
import { StoreError } from './store-error';
import type { Db } from './tables';
import { createVaultKeyStore } from './vault-keys';

export const DEFAULT_SCHEMA = 'touchstone';

/** Either `file` or `url`. */
export interface StoreOptions {
  /** The embedded database's file. */
  readonly file?: string;
  /** A PostgreSQL server; it goes before `file`. */
  readonly url?: string;
  /** PostgreSQL schema; services that share a database have one each. */
  readonly schema?: string;
  /** 32 bytes, under which private material is encrypted at rest. All replicas have the same. */
  readonly kek: Uint8Array;
  readonly logger?: Logger;
  readonly maxDecisions?: number;
}

export interface Store {
  readonly signingKeys: RotatingKeyStore;
  readonly documents: DocumentCache;
  readonly fuses: FuseStore;
  readonly settings: SettingStore;
  readonly decisions: DecisionStore;
  readonly vaultKeys: VaultKeyStore;
  readonly attestationProviders: AttestationProviderStore;
  readonly revokedTokens: RevokedTokenStore;
  /** Throws when the database does not answer. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens a service's state, bringing its schema up to date. Throws STORE_UNAVAILABLE, and STORE_KEK_MISMATCH when the
 * state was written under another key-encryption key.
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const sealer = createSealer(options.kek);
  const backend = await openBackend(options);
  try {
    await assertKek(backend.db, sealer);
  } catch (error) {
    await backend.close();
    throw error;
  }
  const { db } = backend;
  const { maxDecisions: max = DEFAULT_MAX_DECISIONS, logger } = options;
  const decisions = createDecisionStore(db, { max, ...(logger && { logger }) });
  return {
    signingKeys: createSigningKeyStore(db, sealer),
    documents: createDocumentCache(db),
    fuses: createFuseStore(db, sealer),
    settings: createSettingStore(db),
    decisions,
    vaultKeys: createVaultKeyStore(db, sealer),
    attestationProviders: createAttestationProviderStore(db),
    revokedTokens: createRevokedTokenStore(db),
    ping: () => backend.ping(),
    close: async () => {
      await decisions.flush();
      await backend.close();
    },
  };
}

export interface ServiceStoreOptions {
  readonly service: string;
  readonly home: string;
  readonly databaseUrl?: string;
  readonly kek: Uint8Array;
  readonly logger?: Logger;
}

/** A service's own store: `<home>/<service>.db`, or the schema of its name on the PostgreSQL server. */
export function openServiceStore(options: ServiceStoreOptions): Promise<Store> {
  const { service, home, databaseUrl, kek, logger } = options;
  return openStore({
    kek,
    ...(logger !== undefined && { logger }),
    ...(databaseUrl === undefined
      ? { file: path.join(home, `${service}.db`) }
      : { url: databaseUrl, schema: `touchstone_${service.replaceAll('-', '_')}` }),
  });
}

async function openBackend({
  file,
  url,
  schema = DEFAULT_SCHEMA,
  logger,
}: StoreOptions): Promise<Backend> {
  if (url !== undefined)
    return openPostgres({ url, schema, ...(logger !== undefined && { logger }) });
  if (file !== undefined) return openSqlite(file);
  throw new StoreError('STORE_UNAVAILABLE', 'neither a file nor a server is named', {
    field: 'file',
  });
}

const CHECK_ID = 1;
const CHECK_PLACE = 'key_check|1|sealed';
const CHECK_TEXT = fromUtf8('touchstone key check');

/** Finds out at once, and not with the first key that is asked for, that the key-encryption key is the wrong one. */
async function assertKek(db: Db, sealer: Sealer): Promise<void> {
  const kept = await db
    .selectFrom('key_check')
    .select('sealed')
    .where('id', '=', CHECK_ID)
    .executeTakeFirst();
  if (kept === undefined) {
    await db
      .insertInto('key_check')
      .values({ id: CHECK_ID, sealed: sealer.seal(CHECK_PLACE, CHECK_TEXT) })
      .onConflict((conflict) => conflict.column('id').doNothing())
      .execute();
    // Another replica may have been first, with another key.
    return assertKek(db, sealer);
  }
  if (!opens(sealer, kept.sealed)) {
    throw new StoreError(
      'STORE_KEK_MISMATCH',
      'the state was written under another key-encryption key',
    );
  }
}

function opens(sealer: Sealer, sealed: Uint8Array): boolean {
  try {
    return equal(sealer.open(CHECK_PLACE, sealed), CHECK_TEXT);
  } catch {
    return false;
  }
}
