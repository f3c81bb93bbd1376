import { createAuthority, newAuthorityKeys, withFaults, withRecovery } from '@touchstone/authority';
import type { FuseStore, SettingStore } from '@touchstone/ports';
import { seededRandom } from '@touchstone/runtime';
import { createIntelPcs } from './service';

const AT = new Date('2026-11-22T10:00:00Z');
const clock = { now: () => AT };
const random = seededRandom('ab', 'intel-pcs');
const keys = newAuthorityKeys(random, AT);
const fuses: FuseStore = {
  add: async () => 'inserted',
  find: async () => undefined,
  list: async () => [],
};

function memorySettings(): SettingStore {
  const kept = new Map<string, string>();
  return {
    get: async (name) => {
      const text = kept.get(name);
      return text === undefined ? undefined : (JSON.parse(text) as unknown);
    },
    set: async (name, value) => void kept.set(name, JSON.stringify(value)),
  };
}

const open = (settings: SettingStore) => createIntelPcs({ keys, fuses, settings, clock, random });

describe('the simulated Intel', () => {
  it('begins without a past', async () => {
    const pcs = await open(memorySettings());
    expect(pcs.availability()).toBe('up');
    expect(pcs.authority().state).toEqual(createAuthority({ keys }).state);
  });

  it('dates what it makes by its clock, or by the day alone', async () => {
    const settings = memorySettings();
    const daily = await createIntelPcs({
      ...{ keys, fuses, settings, clock, random },
      deterministic: true,
    });
    expect((await open(settings)).makingDate()).toEqual(AT);
    expect(daily.makingDate()).toEqual(new Date('2026-11-22T00:00:00Z'));
  });

  it('keeps what happens', async () => {
    const settings = memorySettings();
    const pcs = await open(settings);
    await pcs.changeState((state) => withFaults(state, ['pck-crl-expired'], AT));
    await pcs.setAvailability('throttled');
    const again = await open(settings);
    expect(again.authority().state).toEqual(pcs.authority().state);
    expect(again.availability()).toBe('throttled');
  });

  it('takes up what another replica has changed', async () => {
    const settings = memorySettings();
    const [one, other] = [await open(settings), await open(settings)];
    await one.changeState((state) => withFaults(state, ['pck-crl-expired'], AT));
    expect(other.authority().state.faults).toEqual([]);
    await other.reload();
    expect(other.authority().state.faults).toEqual(['pck-crl-expired']);
  });

  it('does not undo the change of another replica', async () => {
    const settings = memorySettings();
    const [one, other] = [await open(settings), await open(settings)];
    await one.changeState((state) => withFaults(state, ['pck-crl-expired'], AT));
    const recovery = { advisoryIds: [], enforced: true };
    await other.changeState((state) => withRecovery(state, recovery, AT));
    await one.reload();
    expect(one.authority().state).toMatchObject({
      faults: ['pck-crl-expired'],
      addedRecoveries: [{ evaluationDataNumber: 21 }],
    });
  });

  it('stays the same object while nothing changes', async () => {
    const pcs = await open(memorySettings());
    const before = pcs.authority();
    await pcs.reload();
    expect(pcs.authority()).toBe(before);
  });

  it('makes changes one after the other, and goes on after a refused one', async () => {
    const pcs = await open(memorySettings());
    const refuse = (): never => {
      throw new RangeError('refused');
    };
    const recovery = { advisoryIds: [], enforced: false };
    const announce = () => pcs.changeState((state) => withRecovery(state, recovery, AT));
    const outcomes = await Promise.allSettled([announce(), pcs.changeState(refuse), announce()]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(pcs.authority().state.addedRecoveries).toHaveLength(2);
  });
});
