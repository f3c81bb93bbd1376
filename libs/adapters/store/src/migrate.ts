import { Migrator } from 'kysely';
import { migrations, type DialectName } from './migrations';
import { StoreError } from './store-error';
import type { Db } from './tables';

const MIGRATION_TABLE = 'touchstone_migration';
const LOCK_TABLE = 'touchstone_migration_lock';

/** Whether every migration is done: one query instead of the migrator's look at the whole catalogue. */
export async function isMigrated(db: Db, dialect: DialectName, schema?: string): Promise<boolean> {
  const scoped = schema === undefined ? db : db.withSchema(schema);
  try {
    const rows = await scoped.selectFrom(MIGRATION_TABLE).select('name').execute();
    const done = new Set(rows.map(({ name }) => name));
    return Object.keys(migrations(dialect, schema)).every((name) => done.has(name));
  } catch {
    // Most likely there is no such table yet; if it is anything else, the migrator will say so.
    return false;
  }
}

/** Brings the schema up to date. Kysely's lock lets one replica work while the others wait. */
export async function migrate(db: Db, dialect: DialectName, schema?: string): Promise<void> {
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => migrations(dialect, schema) },
    migrationTableName: MIGRATION_TABLE,
    migrationLockTableName: LOCK_TABLE,
    ...(schema !== undefined && { migrationTableSchema: schema }),
  });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) {
    throw new StoreError('STORE_UNAVAILABLE', 'the schema cannot be brought up to date', {
      cause: error,
    });
  }
}
