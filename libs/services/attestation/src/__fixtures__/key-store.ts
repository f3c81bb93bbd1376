import type { RotatingKeyStore, SigningKeyRecord } from '@touchstone/ports';

/** A store of keys in memory. */
export function memoryKeys() {
  let records: readonly SigningKeyRecord[] = [];
  let failures = 0;
  const insert = (record: SigningKeyRecord): 'inserted' | 'exists' => {
    if (records.some(({ id }) => id === record.id)) return 'exists';
    records = [record, ...records];
    return 'inserted';
  };
  const store: RotatingKeyStore = {
    async list(purpose) {
      if (failures-- > 0) throw new Error('no database');
      return records.filter((record) => record.purpose === purpose);
    },
    add: async (record) => insert(record),
    retire: async () => undefined,
    async rotate(record, at) {
      const outcome = insert(record);
      if (outcome === 'exists') return outcome;
      records = records.map((other) => {
        const { id, purpose, retiredAt } = other;
        const retires = id !== record.id && purpose === record.purpose;
        return retires && (retiredAt === undefined || retiredAt > at)
          ? { ...other, retiredAt: at }
          : other;
      });
      return outcome;
    },
    async forgetRetired(purpose, before) {
      records = records.filter(
        (record) =>
          record.purpose !== purpose ||
          record.retiredAt === undefined ||
          record.retiredAt >= before,
      );
    },
  };
  return {
    store,
    records: () => records,
    /** The next `count` looks fail. */
    fail: (count: number) => {
      failures = count;
    },
  };
}
