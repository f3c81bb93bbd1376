import type { Fault } from './faults';
import type { AuthorityState } from './state';

export const DAY_MS = 86_400_000;
/** TCB info, enclave identities, evaluation data numbers, PCK CRLs. */
export const DOCUMENT_DAYS = 30;
/** The root's CRL. */
export const ROOT_CRL_DAYS = 365;
export const CA_YEARS = 15;
/** PCK and TCB signing certificates. */
export const LEAF_YEARS = 7;
/** The end of Intel's root, and the last instant that an X.509 UTCTime can name. */
export const END_OF_TIME = new Date('2049-12-31T23:59:59Z');

/** A span of validity; both ends are whole seconds. */
export interface Window {
  readonly from: Date;
  readonly to: Date;
}

export const wholeSeconds = (date: Date): Date =>
  new Date(Math.floor(date.getTime() / 1000) * 1000);

export const days = (from: Date, count: number): Window => ({
  from,
  to: new Date(from.getTime() + count * DAY_MS),
});

export function years(from: Date, count: number): Window {
  const to = new Date(from);
  to.setUTCFullYear(to.getUTCFullYear() + count);
  return { from, to: to < END_OF_TIME ? to : END_OF_TIME };
}

const midnightOf = (at: Date): number => Math.floor(at.getTime() / DAY_MS) * DAY_MS;

/** The same length of time, over with the last second of the day before `at`. */
export function ended({ from, to }: Window, at: Date): Window {
  const end = new Date(midnightOf(at) - 1000);
  return { from: new Date(end.getTime() - (to.getTime() - from.getTime())), to: end };
}

/**
 * The date that documents of `at` carry. It moves once a day, at midnight UTC, and when the state changes, so that the
 * same day gives the same bytes and no change hides behind an older date.
 */
export function documentDate(foundedAt: Date, state: AuthorityState, at: Date): Date {
  const changed = state.changedAt?.getTime() ?? 0;
  return wholeSeconds(new Date(Math.max(midnightOf(at), foundedAt.getTime(), changed)));
}

/** Issue date and next update of a signed JSON document; over since yesterday when `expired` is among the faults. */
export function documentWindow(
  context: {
    readonly foundedAt: Date;
    readonly state: AuthorityState;
    readonly at: Date;
    readonly faults: ReadonlySet<Fault>;
  },
  expired: Fault,
): Window {
  const { foundedAt, state, at, faults } = context;
  const window = days(documentDate(foundedAt, state, at), DOCUMENT_DAYS);
  return faults.has(expired) ? ended(window, at) : window;
}
