import type { SettingStore } from '@touchstone/ports';
import type { Db } from './tables';

export function createSettingStore(db: Db): SettingStore {
  return {
    get: async (name) => {
      const row = await db
        .selectFrom('setting')
        .select('value')
        .where('name', '=', name)
        .executeTakeFirst();
      return row === undefined ? undefined : (JSON.parse(row.value) as unknown);
    },
    set: async (name, value) => {
      const text = JSON.stringify(value);
      await db
        .insertInto('setting')
        .values({ name, value: text })
        .onConflict((conflict) => conflict.column('name').doUpdateSet({ value: text }))
        .execute();
    },
  };
}
