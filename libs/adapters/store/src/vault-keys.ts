import type { Page, VaultKeyStore, VaultKeyVersion } from '@touchstone/ports';
import type { Sealer } from './seal';
import type { Db } from './tables';
import {
  deletedOf,
  encodeDetails,
  sealMaterial,
  versionOf,
  type VaultKeyRow,
} from './vault-key-rows';

/** `live` keys are those that are not deleted. */
type Standing = 'live' | 'deleted';

export function createVaultKeyStore(db: Db, sealer: Sealer): VaultKeyStore {
  const newest = (vault: string, name: string, standing: Standing, within = db) =>
    selectNewest(within, vault, standing).where('key.name', '=', name).executeTakeFirst();

  return {
    insert: (key) => db.transaction().execute((transaction) => insert(transaction, key, sealer)),

    get: async (vault, name, version) => {
      const row =
        version === undefined
          ? await newest(vault, name, 'live')
          : await selectVersions(db, vault, 'live')
              .where('key.name', '=', name)
              .where('version.version', '=', version)
              .executeTakeFirst();
      return row && versionOf(row, sealer);
    },

    list: async (vault, limit, after = '') => {
      const rows = await selectNewest(db, vault, 'live')
        .where('key.name', '>', after)
        .orderBy('key.name')
        .limit(limit + 1)
        .execute();
      return pageOf(
        rows,
        limit,
        (row) => row.name,
        (row) => versionOf(row, sealer),
      );
    },

    versions: async (vault, name, limit, after = '') => {
      const rows = await selectVersions(db, vault, 'live')
        .where('key.name', '=', name)
        .where('version.version', '>', after)
        .orderBy('version.version')
        .limit(limit + 1)
        .execute();
      return pageOf(
        rows,
        limit,
        (row) => row.version,
        (row) => versionOf(row, sealer),
      );
    },

    update: (key, previous) =>
      db.transaction().execute((transaction) => update(transaction, key, previous)),

    markDeleted: (vault, name, deletedAt, purgeAt) =>
      db.transaction().execute(async (transaction) => {
        const marked = await transaction
          .updateTable('vault_key')
          .set({ deleted_at: deletedAt.toISOString(), purge_at: purgeAt.toISOString() })
          .where('vault', '=', vault)
          .where('name', '=', name)
          .where('deleted_at', 'is', null)
          .executeTakeFirst();
        if (marked.numUpdatedRows === 0n) return undefined;
        const row = await newest(vault, name, 'deleted', transaction);
        return row && deletedOf(row, sealer);
      }),

    getDeleted: async (vault, name) => {
      const row = await newest(vault, name, 'deleted');
      return row && deletedOf(row, sealer);
    },

    listDeleted: async (vault, limit, after = '') => {
      const rows = await selectNewest(db, vault, 'deleted')
        .where('key.name', '>', after)
        .orderBy('key.name')
        .limit(limit + 1)
        .execute();
      return pageOf(
        rows,
        limit,
        (row) => row.name,
        (row) => deletedOf(row, sealer),
      );
    },

    recover: (vault, name) =>
      db.transaction().execute(async (transaction) => {
        const recovered = await transaction
          .updateTable('vault_key')
          .set({ deleted_at: null, purge_at: null })
          .where('vault', '=', vault)
          .where('name', '=', name)
          .where('deleted_at', 'is not', null)
          .executeTakeFirst();
        if (recovered.numUpdatedRows === 0n) return undefined;
        const row = await newest(vault, name, 'live', transaction);
        return row && versionOf(row, sealer);
      }),

    purge: (vault, name) =>
      db.transaction().execute((transaction) => purge(transaction, vault, name)),
  };
}

/** Every version of the keys of a vault, joined with its key. */
function selectVersions(db: Db, vault: string, standing: Standing) {
  return db
    .selectFrom('vault_key as key')
    .innerJoin('vault_key_version as version', (join) =>
      join.onRef('version.vault', '=', 'key.vault').onRef('version.name', '=', 'key.name'),
    )
    .select([
      'key.vault',
      'key.name',
      'key.deleted_at',
      'key.purge_at',
      'version.version',
      'version.material',
      'version.details',
    ])
    .where('key.vault', '=', vault)
    .where('key.deleted_at', standing === 'live' ? 'is' : 'is not', null);
}

/** The version that was written last, of each key of a vault. */
function selectNewest(db: Db, vault: string, standing: Standing) {
  return selectVersions(db, vault, standing).where('version.seq', '=', ({ selectFrom }) =>
    selectFrom('vault_key_version as other')
      .select(({ fn }) => fn.max('other.seq').as('seq'))
      .whereRef('other.vault', '=', 'key.vault')
      .whereRef('other.name', '=', 'key.name'),
  );
}

async function insert(
  db: Db,
  key: VaultKeyVersion,
  sealer: Sealer,
): Promise<'inserted' | 'deleted'> {
  const { vault, name, version } = key;
  await db
    .insertInto('vault_key')
    .values({ vault, name, deleted_at: null, purge_at: null })
    .onConflict((conflict) => conflict.columns(['vault', 'name']).doNothing())
    .execute();
  if (!(await holdLive(db, vault, name))) return 'deleted';
  await db
    .insertInto('vault_key_version')
    .values({
      vault,
      name,
      version,
      material: sealMaterial(key, sealer),
      details: encodeDetails(key),
    })
    .execute();
  return 'inserted';
}

/** Takes the key's row lock, so that no other replica deletes it meanwhile; false when it is deleted or absent. */
async function holdLive(db: Db, vault: string, name: string): Promise<boolean> {
  const held = await db
    .updateTable('vault_key')
    .set({ deleted_at: null })
    .where('vault', '=', vault)
    .where('name', '=', name)
    .where('deleted_at', 'is', null)
    .executeTakeFirst();
  return held.numUpdatedRows > 0n;
}

async function update(
  db: Db,
  key: VaultKeyVersion,
  previous: VaultKeyVersion,
): Promise<'updated' | 'changed' | 'gone'> {
  if (!(await holdLive(db, key.vault, key.name))) return 'gone';
  const updated = await db
    .updateTable('vault_key_version')
    .set({ details: encodeDetails(key) })
    .where('vault', '=', key.vault)
    .where('name', '=', key.name)
    .where('version', '=', key.version)
    .where('details', '=', encodeDetails(previous))
    .executeTakeFirst();
  if (updated.numUpdatedRows > 0n) return 'updated';
  return (await hasVersion(db, key)) ? 'changed' : 'gone';
}

async function hasVersion(db: Db, { vault, name, version }: VaultKeyVersion): Promise<boolean> {
  const row = await db
    .selectFrom('vault_key_version')
    .select('seq')
    .where('vault', '=', vault)
    .where('name', '=', name)
    .where('version', '=', version)
    .executeTakeFirst();
  return row !== undefined;
}

async function purge(db: Db, vault: string, name: string): Promise<boolean> {
  const gone = await db
    .deleteFrom('vault_key')
    .where('vault', '=', vault)
    .where('name', '=', name)
    .where('deleted_at', 'is not', null)
    .executeTakeFirst();
  if (gone.numDeletedRows === 0n) return false;
  await db
    .deleteFrom('vault_key_version')
    .where('vault', '=', vault)
    .where('name', '=', name)
    .execute();
  return true;
}

function pageOf<Item>(
  rows: readonly VaultKeyRow[],
  limit: number,
  cursor: (row: VaultKeyRow) => string,
  read: (row: VaultKeyRow) => Item | undefined,
): Page<Item> {
  const kept = rows.slice(0, limit);
  const items = kept.map(read).filter((item): item is Item => item !== undefined);
  const last = kept.at(-1);
  return rows.length > limit && last !== undefined ? { items, next: cursor(last) } : { items };
}
