import { chmodSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { isArrayBuffer } from 'node:util/types';
import { Kysely, sql, SqliteDialect, type SqliteDatabase, type SqliteStatement } from 'kysely';
import Database from 'libsql';
import type { Backend } from './backend';
import { isMigrated, migrate } from './migrate';
import { StoreError } from './store-error';
import type { Tables } from './tables';

/** How long a writer waits for another process that holds the file. */
export const BUSY_TIMEOUT_MS = 5_000;
const PRIVATE_FILE = 0o600;
const PRIVATE_FOLDER = 0o700;
const MAX_CACHED_STATEMENTS = 200;

/** Opens the embedded database in `file`, which is made when it is not there. */
export async function openSqlite(file: string): Promise<Backend> {
  const database = openFile(file);
  const db = new Kysely<Tables>({
    dialect: new SqliteDialect({ database: withStatementCache(database) }),
  });
  try {
    if (!(await isMigrated(db, 'sqlite'))) await migrateLocked(database, db);
  } catch (error) {
    await db.destroy();
    throw error;
  }
  return {
    db,
    ping: async () => void (await sql`select 1`.execute(db)),
    close: () => db.destroy(),
  };
}

function openFile(file: string): Database.Database {
  try {
    mkdirSync(path.dirname(file), { recursive: true, mode: PRIVATE_FOLDER });
    const database = new Database(file);
    chmodSync(file, PRIVATE_FILE);
    database.exec(`pragma busy_timeout = ${BUSY_TIMEOUT_MS}`);
    // Readers never wait for the writer, and a commit is on the disk before it is acknowledged.
    database.exec('pragma journal_mode = wal');
    database.exec('pragma synchronous = full');
    return database;
  } catch (cause) {
    throw new StoreError('STORE_UNAVAILABLE', 'the database file cannot be opened', {
      field: file,
      cause,
    });
  }
}

/** All migrations in one transaction of this one connection; another process that opens the file waits for it. */
async function migrateLocked(database: Database.Database, db: Kysely<Tables>): Promise<void> {
  database.exec('begin immediate');
  try {
    await migrate(db, 'sqlite');
    database.exec('commit');
  } catch (error) {
    database.exec('rollback');
    throw error;
  }
}

/** Kysely prepares anew for each query; the texts are few, so prepared statements are kept. */
function withStatementCache(database: Database.Database): SqliteDatabase {
  const statements = new Map<string, SqliteStatement>();
  const prepare = (text: string): SqliteStatement => {
    const prepared = database.prepare(text);
    return {
      reader: prepared.reader,
      all: (parameters) => prepared.all(...bind(parameters)).map(withBytes),
      run: (parameters) => prepared.run(...bind(parameters)),
      iterate: (parameters) => prepared.iterate(...bind(parameters)),
    };
  };
  return {
    close: () => {
      statements.clear();
      database.close();
    },
    prepare: (text) => {
      const kept = statements.get(text);
      if (kept !== undefined) return kept;
      const statement = prepare(text);
      if (statements.size < MAX_CACHED_STATEMENTS) statements.set(text, statement);
      return statement;
    },
  };
}

/** The binding takes Node's buffers for blobs. */
const bind = (parameters: readonly unknown[]): unknown[] =>
  parameters.map((value) =>
    value instanceof Uint8Array
      ? Buffer.from(value.buffer, value.byteOffset, value.byteLength)
      : value,
  );

/** The binding answers blobs as bare buffers. */
function withBytes(row: unknown): unknown {
  if (typeof row !== 'object' || row === null) return row;
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      isArrayBuffer(value) ? new Uint8Array(value) : value,
    ]),
  );
}
