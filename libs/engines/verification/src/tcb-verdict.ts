import type {
  IsvSvnLevel,
  LevelVerdict,
  PckTcb,
  TcbLevel,
  TdxModuleIdentity,
} from '@touchstone/collateral';
import type { Quote, TdReportBody, TdxQuote } from '@touchstone/quote';
import type { VerifiedTcbInfo } from './signed-documents';
import { matchLevels } from './tcb-levels';
import type { ComponentStatus, TcbStatus } from './tcb-status';
import { componentStatus, converge } from './tcb-status';
import { withRelaunch } from './td-relaunch';
import { MODULE_SVN, matchModuleLevel } from './tdx-module';
import type { Trail } from './trail';

/** One level that applies, as its document states it. */
export interface LevelFacts {
  readonly status: LevelVerdict['tcbStatus'];
  readonly date: Date;
  readonly advisoryIds: readonly string[];
}

export interface TcbVerdict {
  /** Platform, quoting enclave and TDX module together; never `Revoked`, which is refused. */
  readonly status: TcbStatus;
  /** The platform's level alone. */
  readonly level: LevelFacts;
  readonly qe: LevelFacts;
  readonly tdxModule?: LevelFacts & { readonly id: string };
}

export interface TcbQuestion {
  readonly quote: Quote;
  readonly platform: PckTcb;
  readonly info: VerifiedTcbInfo;
  readonly qeLevel: IsvSvnLevel | undefined;
  readonly moduleIdentity: TdxModuleIdentity | undefined;
}

/** The last step of QVL's `sgxAttestationVerifyQuote`: which levels apply, and what they come to together. */
export function judgeTcb(trail: Trail, question: TcbQuestion): TcbVerdict {
  const { quote, qeLevel } = question;
  const { matched, level, moduleLevel } = requirePlatformLevels(trail, question);
  const qe = requireQeLevel(trail, quote, qeLevel);
  const converged =
    quote.teeType === 'sgx'
      ? level.tcbStatus
      : convergeTdx(trail, quote, { question, sgx: matched.sgx ?? level, level, moduleLevel });
  const status = requireStatus(trail, converged, componentStatus(qe.tcbStatus));
  return { status, level: factsOf(level), qe: factsOf(qe), ...moduleFacts(question, moduleLevel) };
}

/**
 * The same without an identity of the quoting enclave: what the platform and, for TDX, its module come to. There is no
 * advice to launch a TD again, for that takes a quoting enclave known to be up to date.
 */
export function judgePlatformTcb(
  trail: Trail,
  question: Omit<TcbQuestion, 'qeLevel'>,
): Omit<TcbVerdict, 'qe'> {
  const { level, moduleLevel } = requirePlatformLevels(trail, question);
  const { tcbStatus } = level;
  const module = componentStatus(moduleLevel?.tcbStatus ?? 'UpToDate');
  const status =
    question.quote.teeType === 'sgx'
      ? tcbStatus
      : requireStatus(trail, tcbStatus, module, 'tdx-module-status');
  const read = `platform ${tcbStatus}, quoting enclave not judged`;
  trail.require('tcb-status', status !== 'Revoked', 'TCB_REVOKED', { read, detail: status });
  return { status, level: factsOf(level), ...moduleFacts(question, moduleLevel) };
}

function requirePlatformLevels(trail: Trail, question: Omit<TcbQuestion, 'qeLevel'>) {
  const { quote, platform, info } = question;
  const teeTcbSvn = quote.teeType === 'tdx' ? quote.body.teeTcbSvn : undefined;
  const matched = matchLevels(info.levels, platform, teeTcbSvn);
  const wanted = quote.teeType === 'sgx' ? matched.sgx : matched.tdx;
  const level = requireLevel(trail, platform, wanted, teeTcbSvn);
  const moduleLevel =
    quote.teeType === 'tdx' ? requireModuleLevel(trail, quote.body, question) : undefined;
  return { matched, level, moduleLevel };
}

function moduleFacts(
  { moduleIdentity }: Pick<TcbQuestion, 'moduleIdentity'>,
  level: IsvSvnLevel | undefined,
): Pick<TcbVerdict, 'tdxModule'> {
  if (level === undefined || moduleIdentity === undefined) return {};
  return { tdxModule: { id: moduleIdentity.id, ...factsOf(level) } };
}

const factsOf = ({ tcbStatus, tcbDate, advisoryIds }: LevelVerdict): LevelFacts => ({
  status: tcbStatus,
  date: tcbDate,
  advisoryIds,
});

function requireLevel(
  trail: Trail,
  platform: PckTcb,
  level: TcbLevel | undefined,
  teeTcbSvn: Uint8Array | undefined,
): TcbLevel {
  const tdx = teeTcbSvn === undefined ? '' : `, TDX ${teeTcbSvn.join('.')}`;
  const read = `${platform.components.join('.')}, PCESVN ${platform.pceSvn}${tdx}`;
  if (level === undefined) {
    return trail.fail('tcb-level', 'TCB_NOT_SUPPORTED', {
      read,
      expected: 'a level of TCB info that it reaches',
    });
  }
  trail.passed('tcb-level', { read, expected: levelText(level), detail: level.tcbStatus });
  return level;
}

function levelText({ sgxComponents, pceSvn, tdxComponents }: TcbLevel): string {
  const tdx = tdxComponents === undefined ? '' : `, TDX ${tdxComponents.join('.')}`;
  return `${sgxComponents.join('.')}, PCESVN ${pceSvn}${tdx}`;
}

/** A module without a version is judged by the TDX components of the platform's level alone. */
function requireModuleLevel(
  trail: Trail,
  body: TdReportBody,
  { moduleIdentity }: Pick<TcbQuestion, 'moduleIdentity'>,
): IsvSvnLevel | undefined {
  if (moduleIdentity === undefined) return undefined;
  const isvSvn = body.teeTcbSvn[MODULE_SVN] ?? 0;
  const level = matchModuleLevel(moduleIdentity, isvSvn);
  if (level === undefined) {
    return trail.fail('tdx-module-level', 'TCB_NOT_SUPPORTED', {
      read: `${isvSvn}`,
      expected: moduleIdentity.id,
    });
  }
  trail.passed('tdx-module-level', {
    read: `${isvSvn}`,
    expected: `${level.isvSvn}`,
    detail: level.tcbStatus,
  });
  return level;
}

function requireQeLevel(trail: Trail, quote: Quote, level: IsvSvnLevel | undefined): IsvSvnLevel {
  const read = `${quote.qeReport.isvSvn}`;
  if (level === undefined) {
    return trail.fail('qe-tcb-level', 'TCB_NOT_SUPPORTED', {
      read,
      expected: 'a level of the identity',
    });
  }
  trail.passed('qe-tcb-level', { read, expected: `${level.isvSvn}`, detail: level.tcbStatus });
  return level;
}

interface TdxQuestion {
  readonly question: TcbQuestion;
  readonly sgx: TcbLevel;
  readonly level: TcbLevel;
  readonly moduleLevel: IsvSvnLevel | undefined;
}

function convergeTdx(trail: Trail, quote: TdxQuote, tdx: TdxQuestion): TcbStatus {
  const { question, sgx, level, moduleLevel } = tdx;
  const module = moduleLevel === undefined ? 'UpToDate' : componentStatus(moduleLevel.tcbStatus);
  const converged = requireStatus(trail, level.tcbStatus, module, 'tdx-module-status');
  const { extension } = quote.body;
  const [newest] = question.info.levels;
  if (extension === undefined || newest === undefined) return converged;
  const status = withRelaunch({
    extension,
    tcbInfo: question.info.tcbInfo,
    newest,
    sgx: sgx.tcbStatus,
    tdx: converged,
    module,
    qe: componentStatus(question.qeLevel?.tcbStatus),
  });
  if (status === 'TdxModuleMismatch') {
    return trail.fail('td-relaunch', 'TDX_MODULE_MISMATCH', {
      read: extension.teeTcbSvn2.join('.'),
    });
  }
  trail.noted('td-relaunch', { read: extension.teeTcbSvn2.join('.'), detail: status });
  return status;
}

/** Revoked or unsupported, by whichever of the two, is the end; all other statuses are facts for the caller. */
function requireStatus(
  trail: Trail,
  platform: TcbStatus,
  component: ComponentStatus,
  name = 'tcb-status',
): TcbStatus {
  const read = `platform ${platform}, ${name === 'tcb-status' ? 'QE' : 'TDX module'} ${component}`;
  const status = converge(platform, component);
  if (status === 'NotSupported') return trail.fail(name, 'TCB_NOT_SUPPORTED', { read });
  trail.require(name, status !== 'Revoked', 'TCB_REVOKED', { read, detail: status });
  return status;
}
