import type { Members } from './members';

/** Statuses that a TCB level can have, best first within each kind. */
export const TCB_STATUSES = [
  'UpToDate',
  'SWHardeningNeeded',
  'ConfigurationNeeded',
  'ConfigurationAndSWHardeningNeeded',
  'OutOfDate',
  'OutOfDateConfigurationNeeded',
  'Revoked',
] as const;

export type TcbStatus = (typeof TCB_STATUSES)[number];

/** Advisories of one level, at most. Intel's own library stops at 20, its documents do not. */
export const MAX_ADVISORIES = 64;

/** Characters of one advisory identifier, at most. */
export const MAX_ADVISORY_CHARACTERS = 64;

/** What every kind of level says about itself. */
export interface LevelVerdict {
  readonly tcbDate: Date;
  readonly tcbStatus: TcbStatus;
  /** Empty when the document has none. */
  readonly advisoryIds: readonly string[];
}

export const readVerdict = (level: Members): LevelVerdict => ({
  tcbDate: level.time('tcbDate'),
  tcbStatus: level.oneOf('tcbStatus', TCB_STATUSES),
  advisoryIds: level.strings('advisoryIDs', MAX_ADVISORIES, MAX_ADVISORY_CHARACTERS),
});

/** A level of an enclave identity or a TDX module: it applies from `isvSvn` up. */
export interface IsvSvnLevel extends LevelVerdict {
  readonly isvSvn: number;
}

const MAX_ISV_SVN = 0xffff;

export const readIsvSvnLevel = (level: Members): IsvSvnLevel => ({
  isvSvn: level.object('tcb').integer('isvsvn', 0, MAX_ISV_SVN),
  ...readVerdict(level),
});
