import type { CachedDocument, DocumentCache } from '@touchstone/ports';
import type { Selectable } from 'kysely';
import type { Db, Tables } from './tables';

/** Sorts after every character that a key may go on with. */
const AFTER_ALL = '\u{10ffff}';

export function createDocumentCache(db: Db): DocumentCache {
  return {
    get: async (key) => {
      const row = await db
        .selectFrom('document')
        .selectAll()
        .where('key', '=', key)
        .executeTakeFirst();
      return row && documentOf(row);
    },
    keys: async (prefix) => {
      const rows = await db
        .selectFrom('document')
        .select('key')
        .where('key', '>=', prefix)
        .where('key', '<', `${prefix}${AFTER_ALL}`)
        .orderBy('key')
        .execute();
      return rows.map(({ key }) => key);
    },
    put: async (documents) => {
      await db.transaction().execute(async (transaction) => {
        for (const document of documents) await upsert(transaction, document);
      });
    },
    delete: async (key) => {
      await db.deleteFrom('document').where('key', '=', key).execute();
    },
  };
}

async function upsert(db: Db, document: CachedDocument): Promise<void> {
  const content = {
    body: document.body,
    content_type: document.contentType,
    headers: JSON.stringify(document.headers),
    fetched_at: document.fetchedAt.toISOString(),
  };
  await db
    .insertInto('document')
    .values({ key: document.key, ...content })
    .onConflict((conflict) => conflict.column('key').doUpdateSet(content))
    .execute();
}

function documentOf(row: Selectable<Tables['document']>): CachedDocument {
  return {
    key: row.key,
    body: new Uint8Array(row.body),
    contentType: row.content_type,
    headers: JSON.parse(row.headers) as Record<string, string>,
    fetchedAt: new Date(row.fetched_at),
  };
}
