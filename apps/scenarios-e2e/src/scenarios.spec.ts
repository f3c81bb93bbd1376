import { reportOf } from './report';
import { openStand, type Stand } from './stand';
import { hospitals } from './suites/hospitals';

jest.setTimeout(120_000);

/** Each scenario as it can be called. */
const EXCHANGES: readonly (readonly string[])[] = [['1'], ['1', '--attestation', 'local'], ['2']];
const MODELS: readonly (readonly string[])[] = [['3'], ['3', '--model', 'background-check']];

const [A, QE, SERVICE, CLIENT] = ['enclave A', 'quoting enclave', 'attestation service', 'client'];

/** Attack, and who refuses it with which code: with remote attestation, and between two enclaves of one processor. */
const ATTACKS = [
  ['swap-key', `KEY_NOT_ATTESTED by ${A}`, `KEY_NOT_ATTESTED by ${A}`],
  ['replay', `EVIDENCE_REPLAYED by ${A}`, `EVIDENCE_REPLAYED by ${A}`],
  ['tamper-report', `QUOTE_INVALID_SIGNATURE by ${A}`, `REPORT_MAC_MISMATCH by ${A}`],
  ['wrong-enclave', `EVIDENCE_MRENCLAVE_MISMATCH by ${A}`, `EVIDENCE_MRENCLAVE_MISMATCH by ${A}`],
  ['stale-tcb', `EVIDENCE_TCB_NOT_ACCEPTED by ${A}`, `EVIDENCE_SVN_TOO_LOW by ${A}`],
  ['debug-enclave', `EVIDENCE_DEBUG by ${A}`, `EVIDENCE_DEBUG by ${A}`],
  ['other-processor', `QE_INVALID_REPORT by ${QE}`, `REPORT_MAC_MISMATCH by ${A}`],
] as const;

/** The same where a client relies on the attestation service, whoever asks it. */
const ATTACKS_ON_A_CLIENT = [
  ['swap-key', `runtime-data-binding by ${SERVICE}`],
  ['replay', `CLIENT_NONCE_MISMATCH by ${CLIENT}`],
  ['tamper-report', `quote-signature by ${SERVICE}`],
  ['wrong-enclave', `CLIENT_MRENCLAVE_MISMATCH by ${CLIENT}`],
  ['stale-tcb', `tcb-baseline by ${SERVICE}`],
  ['debug-enclave', `CLIENT_DEBUG_ENCLAVE by ${CLIENT}`],
  ['other-processor', `QE_INVALID_REPORT by ${QE}`],
] as const;

let stand: Stand;
beforeAll(async () => {
  stand = await openStand();
}, 120_000);
afterAll(() => stand.close());

describe('a scenario', () => {
  it('starts all that it needs, and tells a person what happens and why', async () => {
    const { code, stdout } = await stand.alone('1');
    expect(code).toBe(0);
    expect(stdout).toContain('Scenario 1: two enclaves on one host share a file');
    expect(stdout).toMatch(/public key: -----BEGIN PUBLIC KEY-----/);
    expect(stdout).toMatch(/ok {6}the decrypted file is equal to the input/);
    expect(stdout).toMatch(/As it should be: \d+ of \d+ checks hold/);
  });

  it.each(EXCHANGES.map((args) => ({ name: args.join(' '), args })))(
    '$name is as it should be, in one JSON document',
    async ({ args }) => {
      const report = reportOf(await stand.running(...args, '--json'));
      expect(report.scenario).toBe(args[0]);
      expect(report.steps.length).toBeGreaterThan(5);
      expect(report.checks.map(({ ok }) => ok)).not.toContain(false);
      expect(report.checks.map(({ name }) => name)).toContain(
        'the decrypted file is equal to the input',
      );
    },
  );

  it.each(MODELS.map((args) => ({ name: args.join(' '), args })))(
    '$name is as it should be, in one JSON document',
    async ({ args }) => {
      const report = reportOf(await stand.running(...args, '--json'));
      expect(report.checks.map(({ name, ok }) => [name, ok])).toEqual([
        ['the enclave opened the attached data, whole', true],
        ['the enclave opened the stored data, whole', true],
        ['every party agreed', true],
      ]);
    },
  );
});

describe('hospitals', () => hospitals(() => stand));

describe('a man in the middle', () => {
  const ofExchanges = EXCHANGES.flatMap((args) =>
    ATTACKS.map(([attack, remote, local]) => {
      const by = args.includes('local') ? local : remote;
      return { attack, scenario: args.join(' '), args, by };
    }),
  );
  const ofModels = MODELS.flatMap((args) =>
    ATTACKS_ON_A_CLIENT.map(([attack, by]) => ({ attack, scenario: args.join(' '), args, by })),
  );
  const table = [...ofExchanges, ...ofModels];

  it.each(table)('is refused with $attack on $scenario', async ({ attack, args, by }) => {
    const report = reportOf(await stand.running(...args, '--attack', attack, '--json'));
    const { name, ok, read, explanation = '' } = report.checks.at(-1) ?? { name: '', ok: false };
    expect({ name, ok, read }).toEqual({ name: `${attack} is refused`, ok: true, read: by });
    expect(explanation).toContain('The man in the middle');
    const steps = report.steps.map(({ what }) => what);
    expect(steps).not.toContain('compares the files');
    expect(steps).not.toContain('decrypts the attached data inside');
  });

  it('is shown to a person with the reason of the refusal', async () => {
    const { code, stdout } = await stand.running('2', '--attack', 'debug-enclave');
    expect(code).toBe(0);
    expect(stdout).toContain('The attack was refused, as it must be.');
    expect(stdout).toContain('whoever loaded this enclave can read its memory');
  });
});

describe('a command that is called wrongly', () => {
  it.each([
    ['a scenario that there is not', ['nine'], 'there is no scenario nine'],
    ['an attack that there is not', ['1', '--attack', 'magic'], 'is one of swap-key'],
    ['a choice that there is not', ['1', '--attestation', 'none'], 'is one of remote, local'],
    ['an option of another scenario', ['2', '--attestation', 'local'], 'has no --attestation'],
  ])('with %s ends with 2 and says what there is', async (_what, args, message) => {
    const { code, stdout, stderr } = await stand.running(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
  });

  it('on an ecosystem that does not run ends with 1 and says so', async () => {
    const { code, stdout } = await stand.alone('1', '--running', '--json');
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      scenario: '1',
      ok: false,
      error: { code: 'HOME_NOT_RUNNING' },
    });
  });
});
