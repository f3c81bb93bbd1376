import { reportOf } from '../report';
import type { Stand } from '../stand';

const VAULT = 'vault of hospital-a';
const SERVICE = 'attestation service';

/** Attack, and who refuses it by which check. */
const ATTACKS = [
  ['swap-key', `runtime-data-binding by ${SERVICE}`],
  ['tamper-report', `quote-signature by ${SERVICE}`],
  ['wrong-enclave', `claim-x-ms-sgx-mrenclave by ${VAULT}`],
  ['stale-tcb', `tcb-baseline by ${SERVICE}`],
  ['debug-enclave', `claim-x-ms-sgx-is-debuggable by ${VAULT}`],
  ['other-processor', 'QE_INVALID_REPORT by quoting enclave'],
] as const;

/** The scenario of the hospitals, on vaults and a machine that run all the while. */
export function hospitals(stand: () => Stand): void {
  it('train one model jointly, in one JSON document', async () => {
    const report = reportOf(await stand().running('hospitals', '--json'));
    expect(report.checks.map(({ name, ok }) => [name, ok])).toEqual(
      [
        'each hospital has a vault of its own',
        'hospital-a decides by its own policy',
        'hospital-b decides by its own policy',
        'hospital-c decides by its own policy',
        'nothing is trained before all hospitals have released',
        'all hospitals release to the upgraded enclave',
        'the joint model is clearly better than that of any hospital alone',
        'each hospital can open the model that is for it, and no other',
        'hospital-a has its images read in private',
        'hospital-b has its images read in private',
        'hospital-c has its images read in private',
        'nobody can read an answer to another',
        'the joint enclave answers a request once',
        'every party agreed',
      ].map((name) => [name, true]),
    );
    const refusal = report.checks.find(
      ({ name }) => name === 'hospital-c decides by its own policy',
    );
    expect(refusal?.read).toContain('403 Forbidden, read 1, expected greaterOrEquals 2');
    expect(report.steps.filter(({ what }) => what.startsWith('pass '))).toHaveLength(12);
  });

  it.each(ATTACKS.map(([attack, by]) => ({ attack, by })))(
    'are not harmed by $attack',
    async ({ attack, by }) => {
      const report = reportOf(await stand().running('hospitals', '--attack', attack, '--json'));
      expect(report.checks.at(-1)).toMatchObject({
        name: `${attack} is refused`,
        ok: true,
        read: by,
        explanation: expect.stringContaining('The man in the middle') as string,
      });
    },
  );

  it('are not harmed by a replay, for which he needs a host of his own making', async () => {
    const report = reportOf(await stand().alone('hospitals', '--attack', 'replay', '--json'));
    expect(report.checks.at(-1)).toMatchObject({
      name: 'replay is refused',
      ok: true,
      read: 'KEY_RELEASE_REFUSED by joint enclave',
    });
  });
}
