import type { ComponentStatus, TcbStatus } from './index';
import { componentStatus, converge } from './index';

type Row = readonly [TcbStatus, Readonly<Record<ComponentStatus, TcbStatus | 'NotSupported'>>];

const row = (platform: TcbStatus, outOfDate: TcbStatus): Row => [
  platform,
  { UpToDate: platform, OutOfDate: outOfDate, Revoked: 'Revoked', NotSupported: 'NotSupported' },
];

/** Every platform status with every status of a quoting enclave or TDX module. */
const TABLE: readonly Row[] = [
  row('UpToDate', 'OutOfDate'),
  row('SWHardeningNeeded', 'OutOfDate'),
  row('ConfigurationNeeded', 'OutOfDateConfigurationNeeded'),
  row('ConfigurationAndSWHardeningNeeded', 'OutOfDateConfigurationNeeded'),
  row('OutOfDate', 'OutOfDate'),
  row('OutOfDateConfigurationNeeded', 'OutOfDateConfigurationNeeded'),
  row('Revoked', 'Revoked'),
  row('TDRelaunchAdvised', 'TDRelaunchAdvised'),
  row('TDRelaunchAdvisedConfigurationNeeded', 'TDRelaunchAdvisedConfigurationNeeded'),
];

const cases = TABLE.flatMap(([platform, results]) =>
  (Object.keys(results) as ComponentStatus[]).map(
    (component) => [platform, component, results[component]] as const,
  ),
);

describe('converge', () => {
  it.each(cases)('%s with %s is %s', (platform, component, result) => {
    expect(converge(platform, component)).toBe(result);
  });
});

describe('componentStatus', () => {
  it.each([
    ['UpToDate', 'UpToDate'],
    ['SWHardeningNeeded', 'OutOfDate'],
    ['ConfigurationNeeded', 'OutOfDate'],
    ['ConfigurationAndSWHardeningNeeded', 'OutOfDate'],
    ['OutOfDate', 'OutOfDate'],
    ['OutOfDateConfigurationNeeded', 'OutOfDate'],
    ['Revoked', 'Revoked'],
    [undefined, 'NotSupported'],
  ] as const)('of %s is %s', (level, status) => {
    expect(componentStatus(level)).toBe(status);
  });
});
