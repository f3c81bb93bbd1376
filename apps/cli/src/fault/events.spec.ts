import {
  clear,
  EXPIRED_COLLATERAL,
  platformOf,
  setAvailability,
  setFaults,
  STALE_CRLS,
  tcbRecovery,
} from './events';
import type { SimulationState } from './simulation';

const [ONE, OTHER] = ['0a'.repeat(16), '0b'.repeat(16)] as const;

const world = (changes: Partial<SimulationState['state']> = {}): SimulationState => ({
  state: { faults: [], revokedPlatforms: [], addedRecoveries: [], ...changes },
  availability: 'up',
  platforms: [{ ppid: ONE, model: 'simulated-e3' }],
  faults: { 'pck-crl-expired': 'the CRL is old', 'tcb-revoked': 'every level is Revoked' },
});

describe('setFaults', () => {
  it('sets these', () => {
    expect(setFaults(['tcb-revoked'], world())).toEqual([
      { action: 'set-faults', faults: ['tcb-revoked'] },
    ]);
  });

  it('goes from one fault to another by way of a sound world', () => {
    expect(setFaults(['tcb-revoked'], world({ faults: ['pck-crl-expired'] }))).toEqual([
      { action: 'set-faults', faults: [] },
      { action: 'renew' },
      { action: 'set-faults', faults: ['tcb-revoked'] },
    ]);
  });

  it.each([['gremlins'], ['toString']])('knows no %s', (name) => {
    expect(() => setFaults(['tcb-revoked', name], world())).toThrow(
      expect.objectContaining({ code: 'FAULT_UNKNOWN', message: expect.stringContaining(name) }),
    );
  });

  it('has names for faults that go together', () => {
    expect(EXPIRED_COLLATERAL).toEqual(expect.arrayContaining([...STALE_CRLS]));
  });
});

describe('clear', () => {
  it('takes everything back', () => {
    const revokedPlatforms = [{ ppid: ONE, at: '2026-01-01T00:00:00Z' }];
    expect(clear(world({ revokedPlatforms }))).toEqual([
      { action: 'set-availability', availability: 'up' },
      { action: 'set-faults', faults: [] },
      { action: 'undo-recoveries' },
      { action: 'reinstate-platform', ppid: ONE },
    ]);
  });
});

describe('tcbRecovery', () => {
  it.each([
    [{ early: true }, { enforced: false, advisoryIds: [], raisesQeSvn: 0 }],
    [
      { standard: true, advisory: ['INTEL-SA-1'], qe: true },
      { enforced: true, advisoryIds: ['INTEL-SA-1'], raisesQeSvn: 1 },
    ],
  ])('%j', (choice, event) => {
    expect(tcbRecovery(choice)).toEqual([{ action: 'tcb-recovery', ...event }]);
  });

  it.each([[{}], [{ early: true, standard: true }]])('wants one channel: %j', (choice) => {
    expect(() => tcbRecovery(choice)).toThrow(expect.objectContaining({ code: 'FAULT_USAGE' }));
  });
});

describe('platformOf', () => {
  const two = {
    platforms: [
      { ppid: ONE, model: 'simulated-e3' },
      { ppid: OTHER, model: 'simulated-e5' },
    ],
  };

  it('is the only one, or the one that is named', () => {
    expect(platformOf(world(), undefined)).toBe(ONE);
    expect(platformOf(two, OTHER)).toBe(OTHER);
  });

  it.each([
    ['FAULT_PLATFORM_AMBIGUOUS', two, undefined],
    ['FAULT_PLATFORM_UNKNOWN', two, '0c'.repeat(16)],
    ['FAULT_PLATFORM_UNKNOWN', { platforms: [] }, undefined],
  ])('is refused with %s', (code, state, asked) => {
    expect(() => platformOf(state, asked)).toThrow(expect.objectContaining({ code }));
  });
});

describe('setAvailability', () => {
  it.each([
    ['up', 'up'],
    ['down', 'down'],
    ['429', 'throttled'],
  ])('%s', (word, availability) => {
    expect(setAvailability(word)).toEqual([{ action: 'set-availability', availability }]);
  });

  it.each(['sleepy', 'toString'])('is never %s', (word) => {
    expect(() => setAvailability(word)).toThrow(expect.objectContaining({ code: 'FAULT_USAGE' }));
  });
});
