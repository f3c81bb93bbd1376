import { Kysely, PostgresDialect, sql } from 'kysely';
import { Pool } from 'pg';
import type { Logger } from '@touchstone/ports';
import type { Backend } from './backend';
import { isMigrated, migrate } from './migrate';
import { StoreError } from './store-error';
import type { Tables } from './tables';

export const MAX_POSTGRES_CONNECTIONS = 10;
export const POSTGRES_CONNECT_TIMEOUT_MS = 5_000;
export const POSTGRES_STATEMENT_TIMEOUT_MS = 15_000;
const IDLE_TIMEOUT_MS = 30_000;

export interface PostgresOptions {
  readonly url: string;
  /** Services that share a database live in schemas of their own. */
  readonly schema: string;
  readonly logger?: Logger;
}

/** Opens a PostgreSQL database; the schema is made when it is not there. */
export async function openPostgres({ url, schema, logger }: PostgresOptions): Promise<Backend> {
  const pool = new Pool({
    connectionString: url,
    max: MAX_POSTGRES_CONNECTIONS,
    connectionTimeoutMillis: POSTGRES_CONNECT_TIMEOUT_MS,
    idleTimeoutMillis: IDLE_TIMEOUT_MS,
    statement_timeout: POSTGRES_STATEMENT_TIMEOUT_MS,
  });
  // A connection that breaks while it is idle must not end the process; the pool makes another.
  pool.on('error', (error) => logger?.warn('an idle database connection broke', { error }));
  const root = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  try {
    await sql`select 1`.execute(root);
    if (!(await isMigrated(root, 'postgres', schema))) await migrate(root, 'postgres', schema);
  } catch (cause) {
    await root.destroy();
    if (cause instanceof StoreError) throw cause;
    // The URL may carry a password, so neither it nor the driver's text goes into the message.
    throw new StoreError('STORE_UNAVAILABLE', 'the database server cannot be used', {
      field: 'DATABASE_URL',
      cause,
    });
  }
  return {
    db: root.withSchema(schema),
    ping: async () => void (await sql`select 1`.execute(root)),
    close: () => root.destroy(),
  };
}
