import { parseEnclaveIdentity, parseTcbInfo } from '@touchstone/collateral';
import { anAuthority, AT, seeded } from './__fixtures__/authority';
import { MODEL_CLIENT, MODEL_E3, PROCESSOR_MODELS } from './processor-model';
import {
  decodeState,
  encodeState,
  INITIAL_STATE,
  MAX_ADDED_RECOVERIES,
  withFaults,
  withoutRecoveries,
  withPlatformReinstated,
  withPlatformRevoked,
  withRecoveriesEnforced,
  withRecovery,
  type AuthorityState,
} from './state';

const authority = anAuthority();
const later = new Date('2026-11-22T12:00:00Z');
const recovery = { advisoryIds: ['INTEL-SA-09999'], enforced: false, raisesQeSvn: 1 };
const number = (state: AuthorityState, update: 'early' | 'standard') =>
  parseTcbInfo(authority.withState(state).tcbInfo(MODEL_E3.fmspc, later, { update }))
    .tcbEvaluationDataNumber;

describe('a TCB recovery', () => {
  const early = withRecovery(INITIAL_STATE, recovery, later);

  it('is followed early at first', () => {
    expect(number(early, 'early')).toBe(21);
    expect(number(early, 'standard')).toBe(20);
  });

  it('is followed by standard once it is enforced', () => {
    expect(number(withRecoveriesEnforced(early, later), 'standard')).toBe(21);
  });

  it('can be taken back', () => {
    expect(number(withoutRecoveries(early, later), 'early')).toBe(20);
  });

  it('makes the level so far out of date and certifies a higher one', () => {
    const state = withRecovery(INITIAL_STATE, { ...recovery, enforced: true }, later);
    const after = authority.withState(state);
    const info = parseTcbInfo(after.tcbInfo(MODEL_E3.fmspc, later));
    const [before] = authority.certifiedTcbs(MODEL_E3, later);
    const same = info.tcbLevels.find(
      ({ sgxComponents }) => sgxComponents.join() === before?.components.join(),
    );
    expect(same).toMatchObject({ tcbStatus: 'OutOfDate', advisoryIds: ['INTEL-SA-09999'] });
    expect(info.tcbLevels[0]).toMatchObject({ tcbStatus: 'UpToDate', tcbDate: later });
    expect(after.certifiedTcbs(MODEL_E3, later).length).toBe(
      authority.certifiedTcbs(MODEL_E3, later).length + 2,
    );
    const identity = parseEnclaveIdentity(after.qeIdentity(later));
    expect(identity.tcbLevels.slice(0, 2).map(({ tcbStatus }) => tcbStatus)).toEqual([
      'UpToDate',
      'OutOfDate',
    ]);
  });

  it.each(PROCESSOR_MODELS)('keeps levels of $name in descending order', (model) => {
    const raises = { components: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], pceSvn: 0 };
    const state = withRecovery(early, { ...recovery, raises }, later);
    const levels = authority.withState(state).certifiedTcbs(model, later);
    const texts = levels.map(({ components, pceSvn }) =>
      [...components, pceSvn].map((svn) => String(svn).padStart(3, '0')).join(),
    );
    expect(texts).toEqual(texts.toSorted().toReversed());
    expect(new Set(texts).size).toBe(texts.length);
  });
});

describe('a model with software advisories', () => {
  it('needs software hardening at best', () => {
    const info = parseTcbInfo(authority.tcbInfo(MODEL_CLIENT.fmspc, AT));
    expect(info.tcbLevels[0]?.tcbStatus).toBe('SWHardeningNeeded');
  });
});

describe('the state of an authority', () => {
  const { platform } = authority.manufacture(seeded(3), { model: MODEL_E3.name, at: AT });

  it('revokes a platform once, and lets it back', () => {
    const once = withPlatformRevoked(INITIAL_STATE, platform, later);
    expect(withPlatformRevoked(once, platform, AT)).toBe(once);
    expect(withPlatformReinstated(once, platform.ppid, later).revokedPlatforms).toEqual([]);
  });

  it('comes back from its JSON form', () => {
    const full = withFaults(
      withRecovery(withPlatformRevoked(INITIAL_STATE, platform, AT), recovery, later),
      ['pck-crl-expired'],
      later,
    );
    expect(decodeState(encodeState(full))).toEqual(full);
    expect(decodeState(encodeState(INITIAL_STATE))).toEqual(INITIAL_STATE);
  });

  const withRevoked = (change: object) => ({
    ...INITIAL_STATE,
    revokedPlatforms: [{ ppid: 'ab'.repeat(16), model: MODEL_E3.name, at: AT, ...change }],
  });
  const withAdded = (change: object) => ({
    ...INITIAL_STATE,
    addedRecoveries: [
      { ...withRecovery(INITIAL_STATE, recovery, AT).addedRecoveries[0], ...change },
    ],
  });

  it.each([
    ['no object', null, 'state'],
    ['an unknown fault', { ...INITIAL_STATE, faults: ['gremlins'] }, 'faults'],
    ['a bad date', { ...INITIAL_STATE, changedAt: 'yesterday' }, 'changedAt'],
    ['a bad PPID', withRevoked({ ppid: 'AB' }), 'ppid'],
    ['an unknown model', withRevoked({ model: 'abacus' }), 'model'],
    ['a raise beyond bounds', withAdded({ raises: { components: [9], pceSvn: 0 } }), 'components'],
    ['a fractional SVN', withAdded({ raisesQeSvn: 0.5 }), 'raisesQeSvn'],
    ['an odd advisory', withAdded({ advisoryIds: ['"'] }), 'advisoryIds'],
    [
      'too many recoveries',
      { ...INITIAL_STATE, addedRecoveries: new Array(MAX_ADDED_RECOVERIES + 1).fill({}) },
      'addedRecoveries',
    ],
  ])('is refused with %s', (_name, value, field) => {
    const json: unknown = JSON.parse(JSON.stringify(value));
    expect(() => decodeState(json)).toThrow(expect.objectContaining({ field }));
  });
});
