import type { Authority, AuthorityState } from '@touchstone/authority';
import { createAuthority, decodeState, encodeState, INITIAL_STATE } from '@touchstone/authority';
import type { AuthorityKeys } from '@touchstone/authority';
import type { Clock, FuseStore, Random, SettingStore } from '@touchstone/ports';

/** Whether the service answers as it should, or pretends to be in trouble. */
export type Availability = 'up' | 'down' | 'throttled';

export const AVAILABILITIES: readonly Availability[] = ['up', 'down', 'throttled'];

/** The simulated Intel as its routes see it: the authority in its present state, and the platforms that it made. */
export interface IntelPcs {
  readonly clock: Clock;
  readonly random: Random;
  readonly fuses: FuseStore;
  authority(): Authority;
  availability(): Availability;
  /** Writes the state that `change` makes of the present one, then lets every answer follow it. */
  changeState(change: (state: AuthorityState) => AuthorityState): Promise<void>;
  setAvailability(availability: Availability): Promise<void>;
}

export interface IntelPcsDeps {
  readonly keys: AuthorityKeys;
  readonly fuses: FuseStore;
  readonly settings: SettingStore;
  readonly clock: Clock;
  readonly random: Random;
}

const STATE = 'authority-state';
const AVAILABILITY = 'availability';

/** Takes up the state that was kept. AUTHORITY_STATE_MALFORMED when it cannot be read. */
export async function createIntelPcs(deps: IntelPcsDeps): Promise<IntelPcs> {
  const { settings, clock, random, fuses } = deps;
  const kept = await settings.get(STATE);
  const keptAvailability = await settings.get(AVAILABILITY);
  const founded = createAuthority({ keys: deps.keys });
  let authority = founded.withState(kept === undefined ? INITIAL_STATE : decodeState(kept));
  let availability = AVAILABILITIES.find((one) => one === keptAvailability) ?? 'up';
  let changing = Promise.resolve();

  return {
    clock,
    random,
    fuses,
    authority: () => authority,
    availability: () => availability,
    changeState: (change) => {
      // One after the other: a change that is not written yet must not be built upon.
      changing = changing
        .catch(() => undefined)
        .then(async () => {
          const state = decodeState(encodeState(change(authority.state)));
          await settings.set(STATE, encodeState(state));
          authority = founded.withState(state);
        });
      return changing;
    },
    setAvailability: async (next) => {
      await settings.set(AVAILABILITY, next);
      availability = next;
    },
  };
}
