import type {
  DeletedVaultKey,
  SigningKeyRecord,
  SigningKeyStore,
  VaultKeyStore,
  VaultKeyVersion,
} from '@touchstone/ports';

interface Slot {
  versions: VaultKeyVersion[];
  deleted?: { deletedAt: Date; purgeAt: Date };
}

/** The vault key store as its port describes it, in memory. */
export function memoryVaultKeys(): VaultKeyStore {
  const slots = new Map<string, Slot>();
  const at = (vault: string, name: string) => `${vault}/${name}`;
  const live = (vault: string, name: string) => {
    const slot = slots.get(at(vault, name));
    return slot?.deleted === undefined ? slot : undefined;
  };
  const deletedOf = (slot: Slot | undefined): DeletedVaultKey | undefined => {
    const key = slot?.versions.at(-1);
    return key && slot?.deleted && { key, ...slot.deleted };
  };
  const page = <Item>(items: Item[], limit: number, idOf: (item: Item) => string, after = '') => {
    const rest = items.filter((item) => idOf(item) > after);
    const kept = rest.slice(0, limit);
    const last = kept.at(-1);
    return rest.length > limit && last ? { items: kept, next: idOf(last) } : { items: kept };
  };
  const sorted = () =>
    [...slots.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, slot]) => slot);

  return {
    insert: async (key) => {
      const slot = slots.get(at(key.vault, key.name)) ?? { versions: [] };
      if (slot.deleted) return 'deleted';
      slot.versions.push(key);
      slots.set(at(key.vault, key.name), slot);
      return 'inserted';
    },
    get: async (vault, name, version) => {
      const versions = live(vault, name)?.versions ?? [];
      return version === undefined
        ? versions.at(-1)
        : versions.find((key) => key.version === version);
    },
    list: async (vault, limit, after) => {
      const newest = sorted().flatMap(({ versions, deleted }) =>
        deleted ? [] : versions.slice(-1),
      );
      return page(
        newest.filter((key) => key.vault === vault),
        limit,
        (key) => key.name,
        after,
      );
    },
    versions: async (vault, name, limit, after) =>
      page([...(live(vault, name)?.versions ?? [])], limit, (key) => key.version, after),
    update: async (key, previous) => {
      const versions = live(key.vault, key.name)?.versions ?? [];
      const index = versions.findIndex(({ version }) => version === key.version);
      if (index < 0) return 'gone';
      if (JSON.stringify(versions[index]) !== JSON.stringify(previous)) return 'changed';
      versions[index] = key;
      return 'updated';
    },
    markDeleted: async (vault, name, deletedAt, purgeAt) => {
      const slot = live(vault, name);
      if (slot) slot.deleted = { deletedAt, purgeAt };
      return deletedOf(slot);
    },
    getDeleted: async (vault, name) => deletedOf(slots.get(at(vault, name))),
    listDeleted: async (vault, limit, after) => {
      const all = sorted().flatMap((slot) => deletedOf(slot) ?? []);
      return page(
        all.filter(({ key }) => key.vault === vault),
        limit,
        ({ key }) => key.name,
        after,
      );
    },
    recover: async (vault, name) => {
      const slot = slots.get(at(vault, name));
      if (!slot?.deleted) return undefined;
      delete slot.deleted;
      return slot.versions.at(-1);
    },
    purge: async (vault, name) =>
      slots.get(at(vault, name))?.deleted !== undefined && slots.delete(at(vault, name)),
  };
}

export function memorySigningKeys(): SigningKeyStore & { readonly records: SigningKeyRecord[] } {
  const records: SigningKeyRecord[] = [];
  return {
    records,
    list: async (purpose) => records.filter((record) => record.purpose === purpose).reverse(),
    add: async (record) => {
      if (records.some(({ id }) => id === record.id)) return 'exists';
      records.push(record);
      return 'inserted';
    },
    retire: async () => undefined,
  };
}
