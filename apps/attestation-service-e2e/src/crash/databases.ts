import { randomBytes } from 'node:crypto';
import { Client } from 'pg';

/** Where a service that is killed keeps its state. */
export interface Database {
  /** What the service is told of it. */
  readonly env: Readonly<Record<string, string>>;
  remove(): Promise<void>;
}

export interface DatabaseKind {
  readonly name: string;
  create(): Promise<Database>;
}

/** A file in the state folder, which goes with it. */
const sqlite: DatabaseKind = {
  name: 'SQLite',
  create: async () => ({ env: {}, remove: async () => undefined }),
};

/** A database of its own on the server. */
const postgres = (server: string): DatabaseKind => ({
  name: 'PostgreSQL',
  async create() {
    const name = `crash_${randomBytes(6).toString('hex')}`;
    await administer(server, `create database ${name}`);
    const url = new URL(server);
    url.pathname = `/${name}`;
    return {
      env: { DATABASE_URL: url.href },
      remove: () => administer(server, `drop database if exists ${name} with (force)`),
    };
  },
});

async function administer(connectionString: string, statement: string): Promise<void> {
  const client = new Client({ connectionString });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

const { DATABASE_URL } = process.env;

/** SQLite always; PostgreSQL where `DATABASE_URL` names a server. */
export const databases: readonly DatabaseKind[] = DATABASE_URL
  ? [sqlite, postgres(DATABASE_URL)]
  : [sqlite];
