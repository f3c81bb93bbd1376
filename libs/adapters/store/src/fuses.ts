import type { FusedPlatform, FuseStore } from '@touchstone/ports';
import type { Selectable } from 'kysely';
import type { Sealer } from './seal';
import type { Db, Tables } from './tables';

const place = (ppid: string): string => `fused_platform|${ppid}|root_provisioning_key`;

export function createFuseStore(db: Db, sealer: Sealer): FuseStore {
  return {
    add: async (platform) => {
      const result = await db
        .insertInto('fused_platform')
        .values({
          ppid: platform.ppid,
          root_provisioning_key: sealer.seal(place(platform.ppid), platform.rootProvisioningKey),
          model: platform.model,
          created_at: platform.createdAt.toISOString(),
        })
        .onConflict((conflict) => conflict.column('ppid').doNothing())
        .executeTakeFirst();
      return result.numInsertedOrUpdatedRows === 0n ? 'exists' : 'inserted';
    },
    find: async (ppid) => {
      const row = await db
        .selectFrom('fused_platform')
        .selectAll()
        .where('ppid', '=', ppid)
        .executeTakeFirst();
      return row && platformOf(row, sealer);
    },
    list: async () => {
      const rows = await db.selectFrom('fused_platform').selectAll().orderBy('seq').execute();
      return rows.map((row) => platformOf(row, sealer));
    },
  };
}

function platformOf(row: Selectable<Tables['fused_platform']>, sealer: Sealer): FusedPlatform {
  return {
    ppid: row.ppid,
    rootProvisioningKey: sealer.open(place(row.ppid), row.root_provisioning_key),
    model: row.model,
    createdAt: new Date(row.created_at),
  };
}
