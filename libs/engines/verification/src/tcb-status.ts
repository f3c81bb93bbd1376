import type { TcbStatus as LevelStatus } from '@touchstone/collateral';

/** What a verified platform can be: the seven statuses of Intel's documents, and two that only TDX comes to. */
export type TcbStatus = LevelStatus | 'TDRelaunchAdvised' | 'TDRelaunchAdvisedConfigurationNeeded';

/** How the quoting enclave, or the TDX module, stands by its own identity document. */
export type ComponentStatus = 'UpToDate' | 'OutOfDate' | 'Revoked' | 'NotSupported';

/**
 * An enclave level only knows three answers: whatever is neither up to date nor revoked counts as out of date; no level
 * at all as not supported (QVL, `EnclaveReportVerifier`).
 */
export function componentStatus(level: LevelStatus | undefined): ComponentStatus {
  if (level === undefined) return 'NotSupported';
  return level === 'UpToDate' || level === 'Revoked' ? level : 'OutOfDate';
}

/** Statuses that an out-of-date component changes, and into what. */
const OUTDATED: Partial<Readonly<Record<TcbStatus, TcbStatus>>> = {
  UpToDate: 'OutOfDate',
  SWHardeningNeeded: 'OutOfDate',
  ConfigurationNeeded: 'OutOfDateConfigurationNeeded',
  ConfigurationAndSWHardeningNeeded: 'OutOfDateConfigurationNeeded',
};

/** The platform's status together with that of its quoting enclave or TDX module (QVL, `TcbLevelCheck`). */
export function converge(
  platform: TcbStatus,
  component: ComponentStatus,
): TcbStatus | 'NotSupported' {
  switch (component) {
    case 'UpToDate':
      return platform;
    case 'OutOfDate':
      return OUTDATED[platform] ?? platform;
    case 'Revoked':
    case 'NotSupported':
      return component;
  }
}

const CONFIGURATION_NEEDED: ReadonlySet<TcbStatus> = new Set<TcbStatus>([
  'ConfigurationNeeded',
  'ConfigurationAndSWHardeningNeeded',
  'OutOfDateConfigurationNeeded',
  'TDRelaunchAdvisedConfigurationNeeded',
]);

/** Whether the status asks for a change of configuration, whatever else it says. */
export const asksForConfiguration = (status: TcbStatus): boolean =>
  CONFIGURATION_NEEDED.has(status);
