import type { TcbInfo, TcbLevel } from '@touchstone/collateral';
import type { TdReport15Extension } from '@touchstone/quote';
import type { ComponentStatus, TcbStatus } from './tcb-status';
import { asksForConfiguration } from './tcb-status';
import { MODULE_SVN, MODULE_VERSION, findModuleIdentity, newestFirst } from './tdx-module';

/** Byte of TEE_TCB_SVN that stands for the SEAM loader. */
const SEAM_LOADER_SVN = 2;

export interface RelaunchQuestion {
  readonly extension: TdReport15Extension;
  readonly tcbInfo: TcbInfo;
  /** Highest level of the document. */
  readonly newest: TcbLevel;
  /** Status of the SGX level alone. */
  readonly sgx: TcbStatus;
  /** Status of the TDX level together with that of the module. */
  readonly tdx: TcbStatus;
  readonly module: ComponentStatus;
  readonly qe: ComponentStatus;
}

/**
 * A TD that was launched on an old TDX module, on a platform whose module is new by now: it only has to be launched
 * again (QVL, `TDRelaunchCheck`). `'TdxModuleMismatch'` when the module of now has no identity.
 */
export function withRelaunch(question: RelaunchQuestion): TcbStatus | 'TdxModuleMismatch' {
  const { sgx, tdx } = question;
  if (!mayHelp(question)) return tdx;
  const isNew = isNewByNow(question);
  if (isNew === undefined) return 'TdxModuleMismatch';
  if (!isNew) return tdx;
  return asksForConfiguration(sgx) || asksForConfiguration(tdx)
    ? 'TDRelaunchAdvisedConfigurationNeeded'
    : 'TDRelaunchAdvised';
}

const OUT_OF_DATE: readonly TcbStatus[] = ['OutOfDate', 'OutOfDateConfigurationNeeded'];

/** Only the module is to blame: quoting enclave and SGX platform are not out of date. */
function mayHelp({ sgx, tdx, module, qe }: RelaunchQuestion): boolean {
  const sgxIsFine = !OUT_OF_DATE.includes(sgx) && sgx !== 'Revoked';
  return qe === 'UpToDate' && sgxIsFine && OUT_OF_DATE.includes(tdx) && module === 'OutOfDate';
}

function isNewByNow({ extension, tcbInfo, newest }: RelaunchQuestion): boolean | undefined {
  const now = extension.teeTcbSvn2;
  const at = (index: number): number => now[index] ?? 0;
  const wanted = newest.tdxComponents ?? [];
  const loaderIsNew = at(SEAM_LOADER_SVN) >= (wanted[SEAM_LOADER_SVN] ?? 0);
  if (at(MODULE_VERSION) === 0) return loaderIsNew && at(MODULE_SVN) >= (wanted[MODULE_SVN] ?? 0);
  const identity = findModuleIdentity(tcbInfo, at(MODULE_VERSION));
  const [level] = identity === undefined ? [] : newestFirst(identity);
  return level && loaderIsNew && at(MODULE_SVN) >= level.isvSvn;
}
