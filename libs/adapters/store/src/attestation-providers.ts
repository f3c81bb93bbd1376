import { fromBase64Lenient, toBase64 } from '@touchstone/bytes';
import type { AttestationProviderRecord, AttestationProviderStore } from '@touchstone/ports';
import type { Selectable } from 'kysely';
import type { Db, Tables } from './tables';

/** What `details` holds. */
interface Details extends Pick<
  AttestationProviderRecord,
  'region' | 'trustModel' | 'state' | 'policies'
> {
  /** Base64 DER. */
  readonly signers: readonly string[];
  readonly createdAt: string;
}

export function createAttestationProviderStore(db: Db): AttestationProviderStore {
  return {
    add: async (record) => {
      const { id, name, revision } = record;
      const result = await db
        .insertInto('attestation_provider')
        .values({ id, name, revision, details: detailsOf(record) })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirst();
      return result.numInsertedOrUpdatedRows === 0n ? 'exists' : 'inserted';
    },
    find: async (name) => {
      const row = await db
        .selectFrom('attestation_provider')
        .selectAll()
        .where('name', '=', name)
        .executeTakeFirst();
      return row && recordOf(row);
    },
    list: async () => {
      const rows = await db
        .selectFrom('attestation_provider')
        .selectAll()
        .orderBy('name')
        .execute();
      return rows.map(recordOf);
    },
    replace: async (record) => {
      // The condition and the write are one statement: of two that saw the same revision, one is too late.
      const result = await db
        .updateTable('attestation_provider')
        .set({ revision: record.revision + 1, details: detailsOf(record) })
        .where('id', '=', record.id)
        .where('revision', '=', record.revision)
        .executeTakeFirst();
      return result.numUpdatedRows === 0n ? 'stale' : 'replaced';
    },
    remove: async (id) => {
      const result = await db
        .deleteFrom('attestation_provider')
        .where('id', '=', id)
        .executeTakeFirst();
      return result.numDeletedRows === 0n ? 'absent' : 'removed';
    },
  };
}

function detailsOf(record: AttestationProviderRecord): string {
  const { region, trustModel, state, policies, signers, createdAt } = record;
  const details: Details = {
    region,
    trustModel,
    state,
    policies,
    signers: signers.map(toBase64),
    createdAt: createdAt.toISOString(),
  };
  return JSON.stringify(details);
}

function recordOf(row: Selectable<Tables['attestation_provider']>): AttestationProviderRecord {
  const { signers, createdAt, ...details } = JSON.parse(row.details) as Details;
  return {
    id: row.id,
    name: row.name,
    revision: row.revision,
    ...details,
    signers: signers.map((text) => fromBase64Lenient(text)),
    createdAt: new Date(createdAt),
  };
}
