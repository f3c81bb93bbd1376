import type { SigningKeyRecord, SigningKeyStore } from '@touchstone/ports';
import { clock, processor, random } from './__fixtures__/machine';
import { openProcessor } from './processor';

function memoryKeys(): SigningKeyStore & { records: SigningKeyRecord[] } {
  const records: SigningKeyRecord[] = [];
  return {
    records,
    list: async (purpose) => records.filter((record) => record.purpose === purpose),
    add: async (record) => {
      if (records.some(({ id }) => id === record.id)) return 'exists';
      records.push(record);
      return 'inserted';
    },
    retire: async () => undefined,
  };
}

const open = (keys: SigningKeyStore, make = async () => processor) =>
  openProcessor({ keys, manufacturer: { make }, model: 'simulated-e3', clock, random });

describe('openProcessor', () => {
  it('has a processor made once, with a seal key that the manufacturer never sees', async () => {
    const keys = memoryKeys();
    const first = await open(keys);
    expect(first.rootSealKey).not.toEqual(first.rootProvisioningKey);
    const again = await open(keys, () => Promise.reject(new Error('made twice')));
    expect(again).toEqual(first);
  });

  it('takes the first one when two replicas start at once', async () => {
    const keys = memoryKeys();
    const [one, other] = await Promise.all([open(keys), open(keys)]);
    expect(one.rootSealKey).toEqual(other.rootSealKey);
    expect(keys.records).toHaveLength(1);
  });

  it('makes no second processor when the kept one cannot be read', async () => {
    const keys = memoryKeys();
    await open(keys);
    const [record] = keys.records;
    if (record) keys.records[0] = { ...record, privateKey: record.privateKey.subarray(5) };
    await expect(open(keys)).rejects.toMatchObject({ code: 'HOST_PROCESSOR_UNREADABLE' });
  });
});
