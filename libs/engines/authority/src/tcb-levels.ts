import type { TcbStatus } from '@touchstone/collateral';
import type { ProcessorModel } from './processor-model';
import type { TcbRecovery } from './recovery';
import { compareTcbs, raised, type Tcb } from './svn';

/** Advisories of one level that Intel's verifier takes. */
export const MAX_LEVEL_ADVISORIES = 20;

/** A TCB level as a TCB info judges it. */
export interface JudgedLevel extends Tcb {
  readonly tcbDate: Date;
  readonly tcbStatus: TcbStatus;
  readonly advisoryIds: readonly string[];
}

interface Generation {
  readonly tcb: Tcb;
  /** Index of the recovery that brought it. */
  readonly since: number;
}

const raisesAnything = ({ raises }: TcbRecovery): boolean =>
  raises.pceSvn > 0 || raises.components.some((svn) => svn > 0);

const highestFirst = (a: Tcb, b: Tcb): number => compareTcbs(b, a);

/** The model's TCBs after each recovery, newest first; a mere re-evaluation brings none. */
function generations(model: ProcessorModel, recoveries: readonly TcbRecovery[]): Generation[] {
  const found: Generation[] = [{ tcb: model.base, since: 0 }];
  recoveries.forEach((recovery, index) => {
    const newest = found[0];
    if (newest && raisesAnything(recovery)) {
      found.unshift({ tcb: raised(newest.tcb, recovery.raises), since: index });
    }
  });
  return found;
}

/** The same TCB with its configuration component at zero, if the model has one. */
function unconfigured(model: ProcessorModel, tcb: Tcb): Tcb | undefined {
  const { configuration } = model;
  if (!configuration) return undefined;
  return { ...tcb, components: tcb.components.with(configuration.component, 0) };
}

/** Every TCB of a model that a PCK certificate exists for, highest first. */
export function certifiedTcbs(model: ProcessorModel, recoveries: readonly TcbRecovery[]): Tcb[] {
  return generations(model, recoveries)
    .flatMap(({ tcb }) => {
      const open = unconfigured(model, tcb);
      return open ? [tcb, open] : [tcb];
    })
    .sort(highestFirst);
}

const STATUS: Readonly<Record<'current' | 'old', Readonly<Record<string, TcbStatus>>>> = {
  current: {
    '': 'UpToDate',
    S: 'SWHardeningNeeded',
    C: 'ConfigurationNeeded',
    CS: 'ConfigurationAndSWHardeningNeeded',
  },
  old: {
    '': 'OutOfDate',
    S: 'OutOfDate',
    C: 'OutOfDateConfigurationNeeded',
    CS: 'OutOfDateConfigurationNeeded',
  },
};

/**
 * The levels of a TCB info, highest first, judged by the recoveries that its evaluation number covers. A level keeps the
 * date of the last evaluation that found nothing against it; each later recovery that raised the TCB adds its advisories.
 */
export function judgedLevels(
  model: ProcessorModel,
  recoveries: readonly TcbRecovery[],
): JudgedLevel[] {
  return generations(model, recoveries)
    .flatMap(({ tcb, since }) => {
      const later = recoveries.slice(since + 1);
      const firstAgainst = later.findIndex(raisesAnything);
      const lastFor = recoveries[firstAgainst < 0 ? recoveries.length - 1 : since + firstAgainst];
      const judge = (level: Tcb, misconfigured: boolean): JudgedLevel => ({
        ...level,
        tcbDate: lastFor?.tcbDate ?? new Date(0),
        tcbStatus: status(firstAgainst >= 0, misconfigured, model.softwareAdvisories.length > 0),
        advisoryIds: [
          ...(misconfigured ? (model.configuration?.advisoryIds ?? []) : []),
          ...later.flatMap(({ advisoryIds }) => advisoryIds),
          ...model.softwareAdvisories,
        ].slice(-MAX_LEVEL_ADVISORIES),
      });
      const open = unconfigured(model, tcb);
      return open ? [judge(tcb, false), judge(open, true)] : [judge(tcb, false)];
    })
    .sort(highestFirst);
}

function status(old: boolean, misconfigured: boolean, hardening: boolean): TcbStatus {
  const key = `${misconfigured ? 'C' : ''}${hardening ? 'S' : ''}`;
  return STATUS[old ? 'old' : 'current'][key] ?? 'OutOfDate';
}
