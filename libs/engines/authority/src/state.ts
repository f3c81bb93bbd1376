import { isFault, type Fault } from './faults';
import { AuthorityError } from './authority-error';
import { TCB_COMPONENTS } from './svn';
import { PAST_RECOVERIES, type TcbRecovery } from './recovery';
import { modelNamed } from './processor-model';

/** Recoveries that a state may add, so that no SVN outgrows its byte. */
export const MAX_ADDED_RECOVERIES = 32;
export const MAX_REVOKED_PLATFORMS = 10_000;

export interface RevokedPlatform {
  /** 32 lower-case hex digits. */
  readonly ppid: string;
  readonly model: string;
  readonly at: Date;
}

/** What changes about an authority after its keys are made. Plain data: `encodeState` gives its JSON form. */
export interface AuthorityState {
  /** When it last changed: no document is dated earlier. */
  readonly changedAt?: Date;
  readonly revokedPlatforms: readonly RevokedPlatform[];
  /** After the past ones that every authority starts with. */
  readonly addedRecoveries: readonly TcbRecovery[];
  readonly faults: readonly Fault[];
}

export const INITIAL_STATE: AuthorityState = {
  revokedPlatforms: [],
  addedRecoveries: [],
  faults: [],
};

export const recoveriesOf = (state: AuthorityState): readonly TcbRecovery[] => [
  ...PAST_RECOVERIES,
  ...state.addedRecoveries,
];

export function withPlatformRevoked(
  state: AuthorityState,
  platform: Omit<RevokedPlatform, 'at'>,
  at: Date,
): AuthorityState {
  const known = state.revokedPlatforms.some(({ ppid }) => ppid === platform.ppid);
  if (known) return state;
  const { ppid, model } = platform;
  return {
    ...state,
    changedAt: at,
    revokedPlatforms: [...state.revokedPlatforms, { ppid, model, at }],
  };
}

export const withPlatformReinstated = (
  state: AuthorityState,
  ppid: string,
  at: Date,
): AuthorityState => ({
  ...state,
  changedAt: at,
  revokedPlatforms: state.revokedPlatforms.filter((one) => one.ppid !== ppid),
});

export interface RecoveryAnnouncement {
  readonly advisoryIds: readonly string[];
  /** Whether `update=standard` follows at once, or only `early`. */
  readonly enforced: boolean;
  /** Defaults to one for the two microcode components. */
  readonly raises?: TcbRecovery['raises'];
  readonly raisesQeSvn?: number;
}

/** Announces a TCB recovery at `at`: levels so far become out of date under the next evaluation number. */
export function withRecovery(
  state: AuthorityState,
  { advisoryIds, enforced, raises, raisesQeSvn = 0 }: RecoveryAnnouncement,
  at: Date,
): AuthorityState {
  const newest = recoveriesOf(state).at(-1);
  const microcode = Array.from({ length: TCB_COMPONENTS }, (_, index) => (index < 2 ? 1 : 0));
  const recovery: TcbRecovery = {
    evaluationDataNumber: (newest?.evaluationDataNumber ?? 0) + 1,
    recoveryEventDate: at,
    tcbDate: at,
    ...(enforced ? { enforcedFrom: at } : {}),
    advisoryIds,
    raises: raises ?? { components: microcode, pceSvn: 0 },
    raisesQeSvn,
  };
  return { ...state, changedAt: at, addedRecoveries: [...state.addedRecoveries, recovery] };
}

/** Lets `update=standard` follow every recovery announced so far. */
export const withRecoveriesEnforced = (state: AuthorityState, at: Date): AuthorityState => ({
  ...state,
  changedAt: at,
  addedRecoveries: state.addedRecoveries.map((recovery) => ({ enforcedFrom: at, ...recovery })),
});

/** Takes back the recoveries that were added. */
export const withoutRecoveries = (state: AuthorityState, at: Date): AuthorityState => ({
  ...state,
  changedAt: at,
  addedRecoveries: [],
});

export const withFaults = (
  state: AuthorityState,
  faults: readonly Fault[],
  at: Date,
): AuthorityState => ({ ...state, changedAt: at, faults: [...new Set(faults)] });

/** The state as JSON text can carry it: dates in ISO form. */
export const encodeState = (state: AuthorityState): unknown => JSON.parse(JSON.stringify(state));

/** Reads what `encodeState` gave; AUTHORITY_STATE_MALFORMED names the member at fault. */
export function decodeState(value: unknown): AuthorityState {
  const state = record(value, 'state');
  const { changedAt } = state;
  return {
    ...(changedAt === undefined ? {} : { changedAt: date(changedAt, 'changedAt') }),
    revokedPlatforms: list(
      state['revokedPlatforms'],
      'revokedPlatforms',
      MAX_REVOKED_PLATFORMS,
    ).map(decodeRevoked),
    addedRecoveries: list(state['addedRecoveries'], 'addedRecoveries', MAX_ADDED_RECOVERIES).map(
      decodeRecovery,
    ),
    faults: list(state['faults'], 'faults', 100).map((name) => {
      if (typeof name !== 'string' || !isFault(name)) throw malformed('faults');
      return name;
    }),
  };
}

function decodeRevoked(value: unknown): RevokedPlatform {
  const { ppid, model, at } = record(value, 'revokedPlatforms');
  if (typeof ppid !== 'string' || !/^[0-9a-f]{32}$/.test(ppid)) throw malformed('ppid');
  if (typeof model !== 'string') throw malformed('model');
  return { ppid, model: modelNamed(model).name, at: date(at, 'at') };
}

function decodeRecovery(value: unknown): TcbRecovery {
  const found = record(value, 'addedRecoveries');
  const raises = record(found['raises'], 'raises');
  const { enforcedFrom } = found;
  return {
    evaluationDataNumber: svn(found['evaluationDataNumber'], 'evaluationDataNumber', 0xffff),
    recoveryEventDate: date(found['recoveryEventDate'], 'recoveryEventDate'),
    tcbDate: date(found['tcbDate'], 'tcbDate'),
    ...(enforcedFrom === undefined ? {} : { enforcedFrom: date(enforcedFrom, 'enforcedFrom') }),
    advisoryIds: list(found['advisoryIds'], 'advisoryIds', 20).map((id) => {
      if (typeof id !== 'string' || !/^[A-Z0-9-]{1,20}$/.test(id)) throw malformed('advisoryIds');
      return id;
    }),
    raises: {
      components: list(raises['components'], 'components', TCB_COMPONENTS).map((one) =>
        svn(one, 'components', 3),
      ),
      pceSvn: svn(raises['pceSvn'], 'pceSvn', 100),
    },
    raisesQeSvn: svn(found['raisesQeSvn'], 'raisesQeSvn', 100),
  };
}

function record(value: unknown, field: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw malformed(field);
  return { ...value };
}

function list(value: unknown, field: string, max: number): readonly unknown[] {
  if (!Array.isArray(value) || value.length > max) throw malformed(field);
  return value;
}

function date(value: unknown, field: string): Date {
  const found = typeof value === 'string' ? new Date(value) : undefined;
  if (!found || Number.isNaN(found.getTime())) throw malformed(field);
  return found;
}

function svn(value: unknown, field: string, max: number): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= max) {
    return value;
  }
  throw malformed(field);
}

function malformed(field: string): AuthorityError {
  return new AuthorityError('AUTHORITY_STATE_MALFORMED', `the authority state has a bad ${field}`, {
    field,
  });
}
