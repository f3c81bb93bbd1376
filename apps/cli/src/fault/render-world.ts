import type { Renewal } from './renewal';
import type { SimulationState } from './simulation';

/** What `--json` prints. */
export interface WorldReport {
  readonly availability: SimulationState['availability'];
  readonly faults: readonly string[];
  readonly recoveries: SimulationState['state']['addedRecoveries'];
  readonly revokedPlatforms: readonly string[];
  readonly platforms: SimulationState['platforms'];
  /** What came of having every party ask anew; empty when it was not tried. */
  readonly renewals: readonly Renewal[];
}

export function worldReport(
  { state, availability, platforms }: SimulationState,
  renewals: readonly Renewal[],
): WorldReport {
  return {
    availability,
    faults: state.faults,
    recoveries: state.addedRecoveries,
    revokedPlatforms: state.revokedPlatforms.map(({ ppid }) => ppid),
    platforms,
    renewals,
  };
}

const NAME_COLUMNS = 12;
const row = (name: string, value: string): string => `${name.padEnd(NAME_COLUMNS)}${value}`;

/** What is wrong in the simulated world, and who has noticed. */
export function renderWorld(report: WorldReport, catalogue: SimulationState['faults']): string {
  const { availability, faults, recoveries, platforms, revokedPlatforms, renewals } = report;
  const lines = [
    row('services', availability),
    ...(faults.length === 0 ? [row('faults', 'none')] : []),
    ...faults.map((name) => row('fault', `${name}: ${catalogue[name] ?? ''}`)),
    ...recoveries.map(({ evaluationDataNumber, advisoryIds, enforcedFrom }) =>
      row(
        'recovery',
        [
          `evaluation ${evaluationDataNumber}`,
          enforcedFrom === undefined ? 'early channel only' : 'early and standard channel',
          ...advisoryIds,
        ].join(', '),
      ),
    ),
    ...platforms.map(({ ppid, model }) =>
      row('platform', `${ppid} ${model}${revokedPlatforms.includes(ppid) ? ', revoked' : ''}`),
    ),
    ...renewals.map(({ party, what, renewed, detail }) =>
      row(renewed ? 'renewed' : 'kept', `${party}: ${what}${detail ? ` (${detail})` : ''}`),
    ),
  ];
  return `${lines.join('\n')}\n`;
}

/** Every fault that there is; those that are set have a mark. */
export function renderCatalogue({ state, faults }: SimulationState): string {
  const width = Math.max(...Object.keys(faults).map((name) => name.length));
  return Object.entries(faults)
    .map(([name, what]) => {
      const mark = state.faults.includes(name) ? '✗' : ' ';
      return `${mark} ${name.padEnd(width)}  ${what}\n`;
    })
    .join('');
}
