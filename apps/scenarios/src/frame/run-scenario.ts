import { CodedError } from '@touchstone/errors';
import type { Narrator, Step } from '@touchstone/narrator';
import { ATTACKS, type AttackName, type ExpectedRefusal } from './attack';
import { Refused } from './refused';
import type { Check, Chosen, Scenario } from './scenario';
import type { World } from './world';

/** What `--json` prints. `ok` is whether every check held. */
export interface ScenarioReport {
  readonly scenario: string;
  readonly ok: boolean;
  readonly steps: readonly Step[];
  readonly checks: readonly Check[];
  readonly attack?: AttackName;
  /** What ended the run early, other than the refusal of an attack. */
  readonly error?: { readonly code: string; readonly message: string };
}

export interface RunOptions {
  readonly world: World;
  readonly narrator: Narrator;
  readonly chosen: Chosen;
  readonly attack?: AttackName;
  readonly onCheck?: (check: Check) => void;
}

/**
 * Plays a scenario and judges how it ended: an honest run has to come to its end, an attack has to be refused by the party and
 * for the reason that the scenario names.
 */
export async function runScenario(
  scenario: Scenario,
  { world, narrator, chosen, attack, onCheck = () => undefined }: RunOptions,
): Promise<ScenarioReport> {
  const checks: Check[] = [];
  const check = (one: Check): void => {
    checks.push(one);
    onCheck(one);
  };
  let failure: unknown;
  try {
    await scenario.run({ world, narrator, chosen, check, ...(attack !== undefined && { attack }) });
  } catch (error) {
    failure = error;
  }
  const expected = attack && scenario.attacks(chosen)[attack];
  const refused = failure instanceof Refused ? failure : undefined;
  if (refused !== undefined) {
    narrator.step(refused.by, `refuses: ${refused.message}`, { code: refused.code });
  }
  if (attack !== undefined) check(judgeAttack(attack, expected, refused));
  else
    check({
      name: 'every party agreed',
      ok: failure === undefined,
      ...(refused && readOf(refused)),
    });
  const error = failure === undefined || refused !== undefined ? undefined : errorOf(failure);
  return {
    scenario: scenario.name,
    ok: error === undefined && checks.every(({ ok }) => ok),
    steps: narrator.steps,
    checks,
    ...(attack !== undefined && { attack }),
    ...(error !== undefined && { error }),
  };
}

/** The report of a scenario whose world could not be opened. */
export const notBegun = (scenario: Scenario, failure: unknown): ScenarioReport => ({
  scenario: scenario.name,
  ok: false,
  steps: [],
  checks: [],
  error: errorOf(failure),
});

function judgeAttack(
  attack: AttackName,
  expected: ExpectedRefusal | undefined,
  refused: Refused | undefined,
): Check {
  const name = `${attack} is refused`;
  const ok = expected?.by === refused?.by && expected?.code === refused?.code;
  return {
    name,
    ok: ok && expected !== undefined,
    read: refused === undefined ? 'nobody refused' : `${refused.code} by ${refused.by}`,
    expected: expected === undefined ? '' : `${expected.code} by ${expected.by}`,
    explanation: `The man in the middle ${ATTACKS[attack]}. ${expected?.explanation ?? ''}`.trim(),
  };
}

const readOf = ({ by, code }: Refused) => ({ read: `${code} by ${by}` });

function errorOf(failure: unknown): { code: string; message: string } {
  if (failure instanceof CodedError) return { code: failure.code, message: failure.message };
  return { code: 'SCENARIO_FAILED', message: String(failure) };
}
