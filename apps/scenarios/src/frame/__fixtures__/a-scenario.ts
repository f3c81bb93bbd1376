import type { Scenario } from '../scenario';

/** A scenario of nothing but its frame. */
export const aScenario = (changes: Partial<Scenario> = {}): Scenario => ({
  name: '9',
  title: 'a scenario',
  choices: { attestation: ['remote', 'local'] },
  attacks: ({ attestation }) => ({
    'swap-key': { by: 'enclave A', code: 'KEY_NOT_ATTESTED', explanation: 'A compares.' },
    ...(attestation === 'remote' && {
      'stale-tcb': { by: 'enclave A', code: 'TCB_OUT_OF_DATE', explanation: 'A looks.' },
    }),
  }),
  run: async ({ check }) => check({ name: 'the files are equal', ok: true }),
  ...changes,
});
