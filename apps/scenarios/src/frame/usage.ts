import { CodedError } from '@touchstone/errors';
import { ATTACK_NAMES, type AttackName } from './attack';
import type { Choices, Chosen, Scenario } from './scenario';

/** The command was called for something that there is not. */
export class UsageError extends CodedError<'SCENARIO_USAGE'> {}

export interface ScenarioArguments {
  readonly attestation?: string;
  readonly model?: string;
  readonly attack?: string;
}

const usage = (field: string, message: string): UsageError =>
  new UsageError('SCENARIO_USAGE', message, { field });

/** @throws UsageError SCENARIO_USAGE */
export function scenarioNamed(scenarios: readonly Scenario[], name: string): Scenario {
  const found = scenarios.find((one) => one.name === name);
  if (found !== undefined) return found;
  const names = scenarios.map((one) => one.name).join(', ');
  throw usage('scenario', `there is no scenario ${name}; there are ${names}`);
}

/** What was chosen of the options that the scenario takes, with its defaults. @throws UsageError SCENARIO_USAGE */
export function chosenOf({ name, choices }: Scenario, given: ScenarioArguments): Chosen {
  const options: readonly (keyof Choices)[] = ['attestation', 'model'];
  const chosen: [string, string][] = [];
  for (const option of options) {
    const offered = choices[option];
    const wanted = given[option] ?? offered?.[0];
    if (wanted === undefined) continue;
    if (offered === undefined) throw usage(option, `scenario ${name} has no --${option}`);
    if (!offered.includes(wanted)) {
      throw usage(option, `--${option} of scenario ${name} is one of ${offered.join(', ')}`);
    }
    chosen.push([option, wanted]);
  }
  return Object.fromEntries(chosen);
}

/** @throws UsageError SCENARIO_USAGE */
export function attackOf(
  scenario: Scenario,
  chosen: Chosen,
  { attack }: ScenarioArguments,
): AttackName | undefined {
  if (attack === undefined) return undefined;
  const name = ATTACK_NAMES.find((one) => one === attack);
  const possible = Object.keys(scenario.attacks(chosen));
  if (name !== undefined && possible.includes(name)) return name;
  throw usage('attack', `--attack on scenario ${scenario.name} is one of ${possible.join(', ')}`);
}
