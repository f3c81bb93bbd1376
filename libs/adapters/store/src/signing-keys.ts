import { fromBase64Lenient, toBase64 } from '@touchstone/bytes';
import type { RotatingKeyStore, SigningKeyRecord } from '@touchstone/ports';
import type { Insertable, Selectable } from 'kysely';
import type { Sealer } from './seal';
import type { Db, Tables } from './tables';

const place = (id: string): string => `signing_key|${id}|private_key`;

export function createSigningKeyStore(db: Db, sealer: Sealer): RotatingKeyStore {
  return {
    list: async (purpose) => {
      const rows = await db
        .selectFrom('signing_key')
        .selectAll()
        .where('purpose', '=', purpose)
        .orderBy('created_at', 'desc')
        .orderBy('seq', 'desc')
        .execute();
      return rows.map((row) => recordOf(row, sealer));
    },
    add: (record) => insert(db, rowOf(record, sealer)),
    retire: async (id, at) => {
      await db
        .updateTable('signing_key')
        .set({ retired_at: at.toISOString() })
        .where('id', '=', id)
        .where('retired_at', 'is', null)
        .execute();
    },
    rotate: (record, at) => {
      const retiredAt = at.toISOString();
      return db.transaction().execute(async (transaction) => {
        const outcome = await insert(transaction, rowOf(record, sealer));
        if (outcome === 'exists') return outcome;
        await transaction
          .updateTable('signing_key')
          .set({ retired_at: retiredAt })
          .where('purpose', '=', record.purpose)
          .where('id', '!=', record.id)
          .where((by) => by.or([by('retired_at', 'is', null), by('retired_at', '>', retiredAt)]))
          .execute();
        return outcome;
      });
    },
    forgetRetired: async (purpose, before) => {
      await db
        .deleteFrom('signing_key')
        .where('purpose', '=', purpose)
        .where('retired_at', '<', before.toISOString())
        .execute();
    },
  };
}

async function insert(
  db: Db,
  row: Insertable<Tables['signing_key']>,
): Promise<'inserted' | 'exists'> {
  const result = await db
    .insertInto('signing_key')
    .values(row)
    .onConflict((conflict) => conflict.column('id').doNothing())
    .executeTakeFirst();
  return result.numInsertedOrUpdatedRows === 0n ? 'exists' : 'inserted';
}

const rowOf = (record: SigningKeyRecord, sealer: Sealer): Insertable<Tables['signing_key']> => ({
  id: record.id,
  purpose: record.purpose,
  private_key: sealer.seal(place(record.id), record.privateKey),
  certificates: JSON.stringify(record.certificates.map(toBase64)),
  created_at: record.createdAt.toISOString(),
  retired_at: record.retiredAt?.toISOString() ?? null,
});

function recordOf(row: Selectable<Tables['signing_key']>, sealer: Sealer): SigningKeyRecord {
  const certificates = JSON.parse(row.certificates) as string[];
  return {
    id: row.id,
    purpose: row.purpose,
    privateKey: sealer.open(place(row.id), row.private_key),
    certificates: certificates.map((text) => fromBase64Lenient(text)),
    createdAt: new Date(row.created_at),
    ...(row.retired_at !== null && { retiredAt: new Date(row.retired_at) }),
  };
}
