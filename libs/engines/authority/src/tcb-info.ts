import { encodeTcbInfo, type TcbStatus } from '@touchstone/collateral';
import type { Fault } from './faults';
import { modelOfFmspc, type ProcessorModel } from './processor-model';
import type { TcbRecovery } from './recovery';
import { signedAs, type SigningContext } from './signed-document';
import { MAX_COMPONENT_SVN, TCB_COMPONENTS } from './svn';
import { judgedLevels, type JudgedLevel } from './tcb-levels';
import { documentWindow } from './window';

/** 3 as PCS v4 answers, 2 as v3 does. */
export type TcbInfoVersion = 2 | 3;

const STATUS_FAULTS: readonly (readonly [Fault, TcbStatus])[] = [
  ['tcb-out-of-date', 'OutOfDate'],
  ['tcb-out-of-date-configuration-needed', 'OutOfDateConfigurationNeeded'],
  ['tcb-configuration-needed', 'ConfigurationNeeded'],
  ['tcb-sw-hardening-needed', 'SWHardeningNeeded'],
  ['tcb-configuration-and-sw-hardening-needed', 'ConfigurationAndSWHardeningNeeded'],
  ['tcb-revoked', 'Revoked'],
];

const UNREACHABLE: Pick<JudgedLevel, 'components' | 'pceSvn'> = {
  components: Array.from({ length: TCB_COMPONENTS }, () => MAX_COMPONENT_SVN),
  pceSvn: 0xffff,
};

/** The signed TCB info of a model as these recoveries judge it: the whole body. */
export function tcbInfo(
  context: SigningContext,
  fmspc: string,
  recoveries: readonly TcbRecovery[],
  version: TcbInfoVersion,
): Uint8Array {
  const { faults } = context;
  const model = modelOfFmspc(fmspc);
  const { from, to } = documentWindow(context, 'tcb-info-expired');
  const inner = encodeTcbInfo({
    id: 'SGX',
    version,
    issueDate: from,
    nextUpdate: to,
    fmspc: faults.has('tcb-info-other-fmspc') ? '000000000000' : model.fmspc,
    pceId: faults.has('tcb-info-other-pceid') ? '0100' : '0000',
    tcbType: 0,
    tcbEvaluationDataNumber: recoveries.at(-1)?.evaluationDataNumber ?? 0,
    tcbLevels: faultyLevels(judgedLevels(model, recoveries), faults).map((level) => ({
      sgxComponents: level.components,
      pceSvn: level.pceSvn,
      tcbDate: level.tcbDate,
      tcbStatus: level.tcbStatus,
      advisoryIds: level.advisoryIds,
    })),
    sgxComponentLabels: labelsOf(model),
  });
  return signedAs(context, 'tcbInfo', inner);
}

const labelsOf = ({ labels }: ProcessorModel) =>
  Array.from({ length: TCB_COMPONENTS }, (_, index) => labels[index]);

function faultyLevels(levels: JudgedLevel[], faults: ReadonlySet<Fault>): JudgedLevel[] {
  const status = STATUS_FAULTS.find(([fault]) => faults.has(fault))?.[1];
  const judged = status ? levels.map((level) => ({ ...level, tcbStatus: status })) : levels;
  const [first] = judged;
  if (first && faults.has('tcb-info-no-level')) return [{ ...first, ...UNREACHABLE }];
  if (first && faults.has('tcb-info-duplicate-level')) return [first, ...judged];
  return judged;
}
