import type { Authority, AuthorityState } from '@touchstone/authority';
import { createAuthority, decodeState, encodeState, INITIAL_STATE } from '@touchstone/authority';
import type { AuthorityKeys } from '@touchstone/authority';
import type { Clock, FuseStore, Random, SettingStore } from '@touchstone/ports';
import { dateOfMaking } from './founding';

/** Whether the service answers as it should, or pretends to be in trouble. */
export type Availability = 'up' | 'down' | 'throttled';

export const AVAILABILITIES: readonly Availability[] = ['up', 'down', 'throttled'];

/** The simulated Intel as its routes see it: the authority in its present state, and the platforms that it made. */
export interface IntelPcs {
  readonly clock: Clock;
  readonly random: Random;
  readonly fuses: FuseStore;
  /** When a processor that is made now was made, as its certificates will say. */
  makingDate(): Date;
  authority(): Authority;
  availability(): Availability;
  /** Writes the state that `change` makes of the present one, then lets every answer follow it. */
  changeState(change: (state: AuthorityState) => AuthorityState): Promise<void>;
  setAvailability(availability: Availability): Promise<void>;
  /** Takes up what another replica has changed. AUTHORITY_STATE_MALFORMED when it cannot be read. */
  reload(): Promise<void>;
}

export interface IntelPcsDeps {
  readonly keys: AuthorityKeys;
  readonly fuses: FuseStore;
  readonly settings: SettingStore;
  readonly clock: Clock;
  readonly random: Random;
  /** Date processors to the day, so that a run can be made again byte by byte. */
  readonly deterministic?: boolean;
}

const STATE = 'authority-state';
const AVAILABILITY = 'availability';

/** Takes up the state that was kept. AUTHORITY_STATE_MALFORMED when it cannot be read. */
export async function createIntelPcs(deps: IntelPcsDeps): Promise<IntelPcs> {
  const { settings, clock, random, fuses } = deps;
  const founded = createAuthority({ keys: deps.keys });
  let kept = '';
  let authority = founded;
  let availability: Availability = 'up';
  let changing = Promise.resolve();

  const take = (state: unknown): void => {
    const text = JSON.stringify(state ?? encodeState(INITIAL_STATE));
    // What an authority has issued is remembered with its state: the same state must not start anew.
    if (text === kept) return;
    authority = founded.withState(decodeState(JSON.parse(text)));
    kept = text;
  };
  const reload = async (): Promise<void> => {
    take(await settings.get(STATE));
    const known = await settings.get(AVAILABILITY);
    availability = AVAILABILITIES.find((one) => one === known) ?? 'up';
  };
  await reload();

  return {
    clock,
    random,
    fuses,
    reload,
    makingDate: () => dateOfMaking(clock, deps.deterministic ?? false),
    authority: () => authority,
    availability: () => availability,
    changeState: (change) => {
      // One after the other, and from what is kept: a change must not undo that of another.
      changing = changing
        .catch(() => undefined)
        .then(async () => {
          await reload();
          const state = encodeState(decodeState(encodeState(change(authority.state))));
          await settings.set(STATE, state);
          take(state);
        });
      return changing;
    },
    setAvailability: async (next) => {
      await settings.set(AVAILABILITY, next);
      availability = next;
    },
  };
}
