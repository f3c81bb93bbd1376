import { sql, type ColumnDefinitionBuilder, type Kysely, type Migration } from 'kysely';

export type DialectName = 'sqlite' | 'postgres';

/** Where the two databases call the same thing by different names. */
function columnTypes(dialect: DialectName) {
  const postgres = dialect === 'postgres';
  return {
    bytes: postgres ? sql`bytea` : sql`blob`,
    // Compared byte by byte in both, so that order and prefixes do not depend on the server's locale.
    text: postgres ? sql`text collate "C"` : sql`text`,
    sequence: postgres ? sql`bigserial` : sql`integer`,
    sequenceKey: (column: ColumnDefinitionBuilder) =>
      postgres ? column.primaryKey() : column.primaryKey().autoIncrement(),
  };
}

const required = (column: ColumnDefinitionBuilder) => column.notNull();
const key = (column: ColumnDefinitionBuilder) => column.primaryKey().notNull();

/** Named so that they sort in the order in which they were written. A migration that was released never changes. */
export function migrations(dialect: DialectName, schema?: string): Record<string, Migration> {
  const types = columnTypes(dialect);
  const within = (db: Kysely<unknown>) => (schema === undefined ? db : db.withSchema(schema));
  return {
    '001-first-state': { up: (db: Kysely<unknown>) => firstState(within(db), types) },
    '002-attestation-providers': {
      up: (db: Kysely<unknown>) => attestationProviders(within(db), types),
    },
    '003-revoked-tokens': { up: (db: Kysely<unknown>) => revokedTokens(within(db), types) },
  };
}

async function firstState(db: Kysely<unknown>, t: ReturnType<typeof columnTypes>): Promise<void> {
  const { schema } = db;
  await schema
    .createTable('signing_key')
    .addColumn('seq', t.sequence, t.sequenceKey)
    .addColumn('id', t.text, (column) => column.notNull().unique())
    .addColumn('purpose', t.text, required)
    .addColumn('private_key', t.bytes, required)
    .addColumn('certificates', t.text, required)
    .addColumn('created_at', t.text, required)
    .addColumn('retired_at', t.text)
    .execute();
  await schema.createIndex('signing_key_purpose').on('signing_key').column('purpose').execute();

  await schema
    .createTable('document')
    .addColumn('key', t.text, key)
    .addColumn('body', t.bytes, required)
    .addColumn('content_type', t.text, required)
    .addColumn('headers', t.text, required)
    .addColumn('fetched_at', t.text, required)
    .execute();

  await schema
    .createTable('fused_platform')
    .addColumn('seq', t.sequence, t.sequenceKey)
    .addColumn('ppid', t.text, (column) => column.notNull().unique())
    .addColumn('root_provisioning_key', t.bytes, required)
    .addColumn('model', t.text, required)
    .addColumn('created_at', t.text, required)
    .execute();

  await schema
    .createTable('setting')
    .addColumn('name', t.text, key)
    .addColumn('value', t.text, required)
    .execute();

  await schema
    .createTable('decision')
    .addColumn('seq', t.sequence, t.sequenceKey)
    .addColumn('request_id', t.text, required)
    .addColumn('service', t.text, required)
    .addColumn('at', t.text, required)
    .addColumn('record', t.text, required)
    .execute();
  await schema.createIndex('decision_request_id').on('decision').column('request_id').execute();

  await schema
    .createTable('vault_key')
    .addColumn('vault', t.text, required)
    .addColumn('name', t.text, required)
    .addColumn('deleted_at', t.text)
    .addColumn('purge_at', t.text)
    .addPrimaryKeyConstraint('vault_key_primary', ['vault', 'name'])
    .execute();

  await schema
    .createTable('vault_key_version')
    .addColumn('seq', t.sequence, t.sequenceKey)
    .addColumn('vault', t.text, required)
    .addColumn('name', t.text, required)
    .addColumn('version', t.text, required)
    .addColumn('material', t.bytes, required)
    .addColumn('details', t.text, required)
    .addUniqueConstraint('vault_key_version_unique', ['vault', 'name', 'version'])
    .execute();

  await schema
    .createTable('key_check')
    .addColumn('id', 'integer', key)
    .addColumn('sealed', t.bytes, required)
    .execute();
}

async function attestationProviders(
  { schema }: Kysely<unknown>,
  t: ReturnType<typeof columnTypes>,
): Promise<void> {
  await schema
    .createTable('attestation_provider')
    .addColumn('id', t.text, key)
    .addColumn('name', t.text, (column) => column.notNull().unique())
    .addColumn('revision', 'integer', required)
    .addColumn('details', t.text, required)
    .execute();
}

async function revokedTokens(
  { schema }: Kysely<unknown>,
  t: ReturnType<typeof columnTypes>,
): Promise<void> {
  await schema
    .createTable('revoked_token')
    .addColumn('seq', t.sequence, t.sequenceKey)
    .addColumn('provider', t.text, required)
    .addColumn('digest', t.text, required)
    .addColumn('expires_at', t.text, required)
    .addUniqueConstraint('revoked_token_unique', ['provider', 'digest'])
    .execute();
}
