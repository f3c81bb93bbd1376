import type { ScenarioReport } from './run-scenario';
import type { Check, Scenario } from './scenario';

/** A check as a person reads it. */
export function renderCheck({ name, ok, read, expected, explanation }: Check): string {
  const lines = [
    `${ok ? 'ok     ' : 'NOT OK '} ${name}`,
    ...(read === undefined ? [] : [`          read: ${read}`]),
    ...(expected === undefined ? [] : [`          expected: ${expected}`]),
    ...(explanation === undefined ? [] : [`          ${explanation}`]),
  ];
  return `${lines.join('\n')}\n`;
}

export const renderTitle = ({ name, title }: Scenario): string => `Scenario ${name}: ${title}\n\n`;

/** The last lines of a run. */
export function renderEnd(report: ScenarioReport, milliseconds: number): string {
  const { ok, checks, attack, error } = report;
  const took = `${(milliseconds / 1000).toFixed(1)} s`;
  const checked = `${checks.filter((check) => check.ok).length} of ${checks.length} checks hold`;
  if (error !== undefined) return `\nEnded early: ${error.code}: ${error.message}\n`;
  if (!ok) return `\nNot as it should be: ${checked}. All of it took ${took}.\n`;
  if (attack !== undefined) return `\nThe attack was refused, as it must be. It took ${took}.\n`;
  return `\nAs it should be: ${checked}. All of it took ${took}.\n`;
}
