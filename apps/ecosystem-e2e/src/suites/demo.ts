import { touchstone } from '../touchstone';
import type { StandOf } from './stand';

/** What `touchstone demo --json` prints. */
interface DemoReport {
  readonly released: boolean;
  readonly accuracy: number;
  readonly mrenclave: string;
  readonly attestRequestId: string;
  readonly releaseRequestId: string;
  readonly refusals: readonly { readonly requestId: string }[];
  readonly steps: readonly { readonly milliseconds: number }[];
}

const DEMO_MS = 90_000;

/** The whole flow, as whoever clones the repository sees it first. */
export function demoSuite(standOf: StandOf): void {
  let home: string;
  let report: DemoReport;
  let stderr: string;

  beforeAll(async () => {
    const { bundles, folder } = standOf();
    home = folder('demo');
    const ran = await touchstone(bundles, ['demo', '--json', '--home', home]);
    stderr = ran.stderr;
    expect(ran.code).toBe(0);
    report = JSON.parse(ran.stdout) as DemoReport;
  }, DEMO_MS);

  it('prints one JSON document and nothing else', () => {
    expect(stderr).toBe('');
  });

  it('releases the key to the reviewed enclave, whose model reads digits', () => {
    expect(report.released).toBe(true);
    expect(report.accuracy).toBeGreaterThan(0.85);
    expect(report.mrenclave).toMatch(/^[0-9a-f]{64}$/);
    expect(report.steps).toContainEqual({
      party: expect.any(String),
      what: expect.any(String),
      values: expect.any(Object),
      milliseconds: expect.any(Number),
    });
  });

  it('refuses three others, each by the check that its change must fail', () => {
    const digest = expect.stringMatching(/^[0-9a-f]{64}$/);
    expect(report.refusals).toMatchObject([
      {
        case: 'enclave-with-one-byte-changed',
        refusedBy: 'key-vault',
        status: 403,
        code: 'Forbidden',
        decisive: 'claim-x-ms-sgx-mrenclave',
        read: digest,
        expected: `equals ${report.mrenclave}`,
      },
      {
        case: 'debug-enclave',
        refusedBy: 'key-vault',
        status: 403,
        code: 'Forbidden',
        decisive: 'claim-x-ms-sgx-is-debuggable',
      },
      {
        case: 'token-for-another-key',
        refusedBy: 'attestation',
        status: 400,
        code: 'InvalidParameter',
        decisive: 'runtime-data-binding',
      },
    ]);
  });

  it('leaves every decision to be explained after the end', async () => {
    const { bundles } = standOf();
    const explain = (requestId: string) =>
      touchstone(bundles, ['explain', requestId, '--home', home]);
    const [attested, released, ...refused] = await Promise.all(
      [
        report.attestRequestId,
        report.releaseRequestId,
        ...report.refusals.map(({ requestId }) => requestId),
      ].map(explain),
    );
    expect(attested?.stdout).toMatch(/^attest granted: 200\n/);
    expect(released?.stdout).toMatch(/^release granted: 200\n/);
    expect(refused).toHaveLength(3);
    for (const { code, stdout } of refused) {
      expect(code).toBe(0);
      expect(stdout).toMatch(/^(attest|release) refused: 40[03] /);
      expect(stdout).toContain('← decided');
    }
  });

  it('has its decisions explained while an ecosystem runs, too', async () => {
    const { party, touchstone: ask } = standOf();
    const { requestId } = await party.attest();
    const { code, stdout } = await ask('explain', requestId);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^attest granted: 200\n/);
    expect(stdout).toContain(`request  ${requestId}`);
  });
}
