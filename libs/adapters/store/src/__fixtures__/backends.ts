import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Client } from 'pg';

/** A database of its own for one test. */
export interface TestPlace {
  readonly options: { readonly file: string } | { readonly url: string; readonly schema: string };
  remove(): Promise<void>;
}

export interface TestBackend {
  readonly name: string;
  place(): TestPlace;
}

const embedded: TestBackend = {
  name: 'libsql',
  place: () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'touchstone-store-'));
    return {
      options: { file: path.join(folder, 'test.db') },
      remove: async () => rmSync(folder, { recursive: true, force: true }),
    };
  },
};

const server = (url: string): TestBackend => ({
  name: 'PostgreSQL',
  place: () => {
    const schema = `test_${randomBytes(6).toString('hex')}`;
    return { options: { url, schema }, remove: () => dropSchema(url, schema) };
  },
});

async function dropSchema(url: string, schema: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(`drop schema if exists ${schema} cascade`);
  await client.end();
}

const { DATABASE_URL } = process.env;

/** The embedded database always; PostgreSQL where `DATABASE_URL` names a server. */
export const backends: readonly TestBackend[] = DATABASE_URL
  ? [embedded, server(DATABASE_URL)]
  : [embedded];
