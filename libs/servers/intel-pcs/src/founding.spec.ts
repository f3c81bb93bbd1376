import { createCipheriv } from 'node:crypto';
import { createAuthority } from '@touchstone/authority';
import type { Random, SigningKeyRecord, SigningKeyStore } from '@touchstone/ports';
import { foundAuthority } from './founding';

const clock = { now: () => new Date('2026-11-22T10:00:00.500Z') };

function seeded(): Random {
  const stream = createCipheriv('aes-128-ctr', new Uint8Array(16), new Uint8Array(16));
  return { bytes: (length) => new Uint8Array(stream.update(new Uint8Array(length))) };
}

function memoryStore(): SigningKeyStore & { readonly records: Map<string, SigningKeyRecord> } {
  const records = new Map<string, SigningKeyRecord>();
  return {
    records,
    list: async (purpose) => [...records.values()].filter((record) => record.purpose === purpose),
    add: async (record) => {
      if (records.has(record.id)) return 'exists';
      records.set(record.id, record);
      return 'inserted';
    },
    retire: async () => undefined,
  };
}

describe('foundAuthority', () => {
  it('keeps six keys and finds them again', async () => {
    const signingKeys = memoryStore();
    const random = seeded();
    const founded = await foundAuthority({ signingKeys, clock, random });
    expect(signingKeys.records.size).toBe(6);
    expect(founded.foundedAt).toEqual(new Date('2026-11-22T10:00:00Z'));
    expect(await foundAuthority({ signingKeys, clock, random })).toEqual(founded);
    expect(createAuthority({ keys: founded }).mrSigner).toHaveLength(32);
  });

  it('gives replicas that found at once the same authority', async () => {
    const signingKeys = memoryStore();
    const random = seeded();
    const [one, other] = await Promise.all([
      foundAuthority({ signingKeys, clock, random }),
      foundAuthority({ signingKeys, clock, random }),
    ]);
    expect(one).toEqual(other);
  });

  it('draws everything from a seed when it is told to', async () => {
    const found = () =>
      foundAuthority({ signingKeys: memoryStore(), clock, random: seeded(), deterministic: true });
    expect(await found()).toEqual(await found());
  });

  it('founds the same authority from a seed however long that takes, on one day', async () => {
    const foundAt = (time: string) =>
      foundAuthority({
        signingKeys: memoryStore(),
        clock: { now: () => new Date(`2026-11-22T${time}Z`) },
        random: seeded(),
        deterministic: true,
      });
    expect(await foundAt('10:00:00.900')).toEqual(await foundAt('10:00:07.100'));
  });
});
