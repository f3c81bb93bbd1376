import { toHex } from '@touchstone/bytes';
import type { TargetReport } from './run';
import type { Finding } from './session';

const MEBIBYTE = 1024 * 1024;
const COLUMNS = ['target', 'executions', 'per second', 'accepted', 'ways', 'slowest', 'memory'];
const WIDTHS = [28, 11, 11, 9, 6, 9, 9];

const row = (cells: readonly string[]): string =>
  cells
    .map((cell, at) => (at === 0 ? cell.padEnd(WIDTHS[at] ?? 0) : cell.padStart(WIDTHS[at] ?? 0)))
    .join('');

export const tableHead = (): string => row(COLUMNS);

export const perSecond = ({ executions, ms }: Pick<TargetReport, 'executions' | 'ms'>): number =>
  ms === 0 ? 0 : Math.round((executions * 1000) / ms);

export const tableRow = (report: TargetReport): string =>
  row([
    report.target,
    String(report.executions),
    String(perSecond(report)),
    `${((100 * report.accepted) / Math.max(report.executions, 1)).toFixed(1)} %`,
    String(report.ways),
    `${report.slowestMs.toFixed(1)} ms`,
    `${(report.growthBytes / MEBIBYTE).toFixed(1)} MiB`,
  ]);

/** Everything that is needed to see it again. */
export const findingText = ({ target, kind, what, execution, seed, input }: Finding): string =>
  [
    `FINDING ${kind} in ${target}, execution ${execution} of seed ${seed}`,
    ...what.split('\n').map((line) => `  ${line.trim()}`),
    `  again: npm run fuzz -- --target ${target} --replay ${toHex(input)}`,
  ].join('\n');

export const summaryJson = (seed: string, reports: readonly TargetReport[]): string =>
  JSON.stringify(
    {
      seed,
      executions: total(reports),
      targets: reports.map(({ findings, ...report }) => ({
        ...report,
        perSecond: perSecond(report),
        findings: findings.map((finding) => ({ ...finding, input: toHex(finding.input) })),
      })),
    },
    undefined,
    2,
  );

export const total = (reports: readonly TargetReport[]): number =>
  reports.reduce((sum, { executions }) => sum + executions, 0);
