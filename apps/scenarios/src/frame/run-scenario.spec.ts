import { Narrator } from '@touchstone/narrator';
import { aScenario } from './__fixtures__/a-scenario';
import { Refused } from './refused';
import { runScenario } from './run-scenario';
import type { Scenario } from './scenario';
import type { World } from './world';

const options = (): Parameters<typeof runScenario>[1] => ({
  world: {} as World,
  narrator: new Narrator(() => undefined),
  chosen: {},
});
const refusing = (by: string, code: string): Scenario =>
  aScenario({
    run: async () => {
      throw new Refused(by, code, 'no');
    },
  });

describe('runScenario, nobody attacking', () => {
  it('is ok when every check holds', async () => {
    expect(await runScenario(aScenario(), options())).toMatchObject({
      scenario: '9',
      ok: true,
      checks: [
        { name: 'the files are equal', ok: true },
        { name: 'every party agreed', ok: true },
      ],
    });
  });

  it('is not ok when a check does not hold', async () => {
    const scenario = aScenario({ run: async ({ check }) => check({ name: 'x', ok: false }) });
    expect(await runScenario(scenario, options())).toMatchObject({ ok: false });
  });

  it('is not ok when a party refuses, and says which and why', async () => {
    expect(await runScenario(refusing('enclave A', 'NO'), options())).toMatchObject({
      ok: false,
      steps: [{ party: 'enclave A', values: { code: 'NO' } }],
      checks: [{ name: 'every party agreed', ok: false, read: 'NO by enclave A' }],
    });
  });

  it('says what ended it when it was no refusal', async () => {
    const scenario = aScenario({ run: () => Promise.reject(new Error('the net is down')) });
    expect(await runScenario(scenario, options())).toMatchObject({
      ok: false,
      error: { code: 'SCENARIO_FAILED', message: 'Error: the net is down' },
    });
  });
});

describe('runScenario under attack', () => {
  const attacked = () => ({ ...options(), attack: 'swap-key' as const });

  it('is ok when the right party refuses for the right reason', async () => {
    const report = await runScenario(refusing('enclave A', 'KEY_NOT_ATTESTED'), attacked());
    expect(report).toMatchObject({
      ok: true,
      attack: 'swap-key',
      checks: [{ name: 'swap-key is refused', ok: true, read: 'KEY_NOT_ATTESTED by enclave A' }],
    });
    expect(report.error).toBeUndefined();
  });

  it.each([
    ['another party', refusing('enclave B', 'KEY_NOT_ATTESTED')],
    ['another reason', refusing('enclave A', 'EVIDENCE_REPLAYED')],
    ['nobody', aScenario()],
  ])('is not ok when %s refuses', async (_who, scenario) => {
    expect(await runScenario(scenario, attacked())).toMatchObject({ ok: false });
  });

  it('is not ok when something else went wrong', async () => {
    const scenario = aScenario({ run: () => Promise.reject(new Error('the net is down')) });
    expect(await runScenario(scenario, attacked())).toMatchObject({
      ok: false,
      error: { code: 'SCENARIO_FAILED' },
    });
  });
});
