import { FaultError } from './fault-error';
import type { Availability, SimulationEvent, SimulationState } from './simulation';

/** Faults that go together under a name of their own. */
export const STALE_CRLS = ['pck-crl-expired', 'root-crl-expired'] as const;
export const EXPIRED_COLLATERAL = [
  'tcb-info-expired',
  'qe-identity-expired',
  'pck-crl-expired',
  'root-crl-expired',
] as const;

/** Something happens, or everybody is made to notice what has. */
export type Step = SimulationEvent | { readonly action: 'renew' };

/**
 * Exactly these faults, and no others. Out of another fault it goes by way of a sound world, so that a party which does not
 * take what is broken holds the last sound copy, and not the one before. FAULT_UNKNOWN names faults that there are not.
 */
export function setFaults(
  names: readonly string[],
  { faults, state }: Pick<SimulationState, 'faults' | 'state'>,
): Step[] {
  const unknown = names.filter((name) => !Object.hasOwn(faults, name));
  if (unknown.length > 0) {
    throw new FaultError(
      'FAULT_UNKNOWN',
      `there is no fault ${unknown.join(', ')}; "touchstone fault list" has them all`,
      { field: 'name' },
    );
  }
  const sound: readonly Step[] =
    state.faults.length === 0 ? [] : [{ action: 'set-faults', faults: [] }, { action: 'renew' }];
  return [...sound, { action: 'set-faults', faults: names }];
}

/** Everything back as it was: no faults, no recoveries, no revocations, services up. */
export function clear({ state }: Pick<SimulationState, 'state'>): SimulationEvent[] {
  return [
    { action: 'set-availability', availability: 'up' },
    { action: 'set-faults', faults: [] },
    { action: 'undo-recoveries' },
    ...state.revokedPlatforms.map(({ ppid }) => ({ action: 'reinstate-platform', ppid }) as const),
  ];
}

export interface RecoveryChoice {
  readonly early?: boolean;
  readonly standard?: boolean;
  readonly advisory?: readonly string[];
  readonly qe?: boolean;
}

/** One channel must be chosen. FAULT_USAGE. */
export function tcbRecovery(choice: RecoveryChoice): SimulationEvent[] {
  const { early = false, standard = false, advisory = [], qe = false } = choice;
  if (early === standard) {
    throw new FaultError('FAULT_USAGE', 'say which channel follows: either --early or --standard');
  }
  return [
    {
      action: 'tcb-recovery',
      enforced: standard,
      advisoryIds: advisory,
      raisesQeSvn: qe ? 1 : 0,
    },
  ];
}

/** The platform that is named by its PPID, or the only one there is. FAULT_PLATFORM_UNKNOWN, FAULT_PLATFORM_AMBIGUOUS. */
export function platformOf(
  { platforms }: Pick<SimulationState, 'platforms'>,
  asked: string | undefined,
): string {
  const found = platforms.filter(({ ppid }) => asked === undefined || ppid === asked);
  const [only, another] = found;
  if (only !== undefined && another === undefined) return only.ppid;
  const known = platforms.map(({ ppid }) => ppid).join(', ') || 'none';
  throw only === undefined
    ? new FaultError('FAULT_PLATFORM_UNKNOWN', `no such platform was made here; known: ${known}`)
    : new FaultError('FAULT_PLATFORM_AMBIGUOUS', `say which platform: ${known}`, { field: 'ppid' });
}

const AVAILABILITIES: Readonly<Record<string, Availability>> = {
  up: 'up',
  down: 'down',
  '429': 'throttled',
};

/** `up`, `down` or `429`. FAULT_USAGE. */
export function setAvailability(word: string): SimulationEvent[] {
  const availability = Object.hasOwn(AVAILABILITIES, word) ? AVAILABILITIES[word] : undefined;
  if (availability === undefined) {
    const words = Object.keys(AVAILABILITIES).join(', ');
    throw new FaultError('FAULT_USAGE', `the services can be: ${words}`);
  }
  return [{ action: 'set-availability', availability }];
}
