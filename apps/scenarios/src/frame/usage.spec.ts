import { aScenario } from './__fixtures__/a-scenario';
import { attackOf, chosenOf, scenarioNamed } from './usage';

const usage = (field: string) => expect.objectContaining({ code: 'SCENARIO_USAGE', field });

describe('scenarioNamed', () => {
  it('finds a scenario by its name', () => {
    const scenario = aScenario();
    expect(scenarioNamed([scenario], '9')).toBe(scenario);
  });

  it('refuses a name that there is not', () => {
    expect(() => scenarioNamed([aScenario()], '8')).toThrow(usage('scenario'));
  });
});

describe('chosenOf', () => {
  it('takes the first choice when nothing is said', () => {
    expect(chosenOf(aScenario(), {})).toEqual({ attestation: 'remote' });
  });

  it('takes what is said', () => {
    expect(chosenOf(aScenario(), { attestation: 'local' })).toEqual({ attestation: 'local' });
  });

  it('refuses a choice that there is not', () => {
    expect(() => chosenOf(aScenario(), { attestation: 'none' })).toThrow(usage('attestation'));
  });

  it('refuses an option that the scenario does not take', () => {
    expect(() => chosenOf(aScenario(), { model: 'passport' })).toThrow(usage('model'));
  });
});

describe('attackOf', () => {
  it('is nothing in an honest run', () => {
    expect(attackOf(aScenario(), {}, {})).toBeUndefined();
  });

  it('takes an attack that there is on the scenario as it was chosen', () => {
    const chosen = { attestation: 'remote' };
    expect(attackOf(aScenario(), chosen, { attack: 'stale-tcb' })).toBe('stale-tcb');
  });

  it.each(['stale-tcb', 'magic'])('refuses %s where there is no such attack', (attack) => {
    expect(() => attackOf(aScenario(), { attestation: 'local' }, { attack })).toThrow(
      usage('attack'),
    );
  });
});
