import { parseTcbInfo } from '@touchstone/collateral';
import type { StandOf } from './stand';

const FMSPC = 'E3A067110000';

/** What `touchstone fault … --json` prints. */
interface WorldReport {
  readonly availability: string;
  readonly faults: readonly string[];
  readonly revokedPlatforms: readonly string[];
  readonly recoveries: readonly unknown[];
  readonly renewals: readonly { readonly party: string; readonly renewed: boolean }[];
}

/** `touchstone fault …`: brought about on the running ecosystem, seen in the next attestation, and taken back. */
export function faultSuite(standOf: StandOf): void {
  async function fault(...args: readonly string[]): Promise<WorldReport> {
    const ran = await standOf().touchstone('fault', ...args, '--json');
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    return JSON.parse(ran.stdout) as WorldReport;
  }
  const verdict = async () => {
    const { granted, record } = await standOf().party.attest();
    return {
      granted,
      decisive: record.decisive,
      tcbStatus: record.facts['tcbStatus'],
      advisories: record.facts['advisories'],
    };
  };
  const evaluationNumber = async (update: string): Promise<number> => {
    const { party } = standOf();
    const url = `${party.url('pck-cache')}/sgx/certification/v4/tcb?fmspc=${FMSPC}&update=${update}`;
    const { body } = await party.http.request({ method: 'GET', url });
    return parseTcbInfo(body).tcbEvaluationDataNumber;
  };

  it('is not there at first', async () => {
    expect(await verdict()).toMatchObject({ granted: true, tcbStatus: 'UpToDate' });
  });

  it('revokes the platform, and reinstates it', async () => {
    const { revokedPlatforms } = await fault('revoke-platform');
    expect(revokedPlatforms).toHaveLength(1);
    expect(await verdict()).toMatchObject({ granted: false, decisive: 'pck-not-revoked' });
    await fault('reinstate-platform', ...revokedPlatforms);
    expect(await verdict()).toMatchObject({ granted: true });
  });

  it.each([
    [['stale-crl'], 'collateral-dates'],
    [['set', 'pck-certificate-forged'], 'pck-issuer'],
    [['set', 'tcb-info-tampered'], 'tcb-info-signature'],
  ])('%j has the next attestation refused by the check %s', async (args, decisive) => {
    const { renewals } = await fault(...args);
    expect(renewals.map(({ renewed }) => renewed)).toEqual([true, true, true, true]);
    expect(await verdict()).toMatchObject({ granted: false, decisive });
  });

  it('goes away, and attestation is granted again', async () => {
    expect(await fault('clear')).toMatchObject({ faults: [], revokedPlatforms: [] });
    expect(await verdict()).toMatchObject({ granted: true, tcbStatus: 'UpToDate' });
  });

  it('in the TCB reaches the early channel first, then all, and goes back', async () => {
    await fault('tcb-recovery', '--early', '--advisory', 'INTEL-SA-09999');
    expect(await evaluationNumber('early')).toBe((await evaluationNumber('standard')) + 1);
    expect(await verdict()).toMatchObject({ granted: true, tcbStatus: 'UpToDate' });
    await fault('enforce-recoveries');
    expect(await evaluationNumber('early')).toBe(await evaluationNumber('standard'));
    expect(await verdict()).toMatchObject({
      granted: true,
      tcbStatus: 'OutOfDate',
      advisories: expect.arrayContaining(['INTEL-SA-09999']),
    });
    expect(await fault('clear')).toMatchObject({ recoveries: [] });
    expect(await verdict()).toMatchObject({ granted: true, tcbStatus: 'UpToDate' });
  });

  it('of the whole service is borne by the caches', async () => {
    const { party } = standOf();
    const url = `${party.url('intel-pcs')}/sgx/certification/v4/tcb?fmspc=${FMSPC}`;
    const status = async () => (await party.http.request({ method: 'GET', url })).status;
    await fault('pcs', '429');
    expect(await status()).toBe(429);
    await fault('pcs', 'down');
    expect(await status()).toBe(503);
    const { renewals } = await fault('renew');
    expect(renewals.map(({ renewed }) => renewed)).toEqual([false, false, true, true]);
    expect(await verdict()).toMatchObject({ granted: true });
    expect(await fault('pcs', 'up')).toMatchObject({ availability: 'up' });
    expect(await status()).toBe(200);
  });

  it('is not noticed while every cache holds what it has', async () => {
    await fault('set', 'tcb-revoked', '--hold');
    expect(await verdict()).toMatchObject({ granted: true, tcbStatus: 'UpToDate' });
    await fault('renew');
    expect(await verdict()).toMatchObject({ granted: false, decisive: 'tcb-status' });
    await fault('clear');
  });

  it('that there is not is refused, by a command that lists those that there are', async () => {
    const refused = await standOf().touchstone('fault', 'set', 'gremlins');
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toContain('FAULT_UNKNOWN');
    const { stdout } = await standOf().touchstone('fault', 'list');
    expect(stdout).toMatch(/^ {2}pck-crl-expired +the PCK CRLs are past their next update$/m);
    expect(stdout).toMatch(/^faults +none$/m);
  });
}
