import { readFile } from 'node:fs/promises';
import { toUtf8 } from '@touchstone/bytes';
import { decodeDecisionRecord, type DecisionRecord } from '@touchstone/decision';
import { createHttpClient } from '@touchstone/http-client';
import { createMaaClient, MaaClientError } from '@touchstone/maa-client';
import { silentLogger, systemClock, systemRandom } from '@touchstone/runtime';
import {
  startAttestationService,
  type AttestationServiceStart,
  type RunningAttestationService,
} from '@touchstone/server-attestation';
import { openLocalCa } from '@touchstone/tls';
import type { StandOf } from './stand';

const OPERATOR_TOKEN = 'operator';
type MinimumEvaluation = NonNullable<
  AttestationServiceStart['collateralRules']
>['minimumEvaluation'];

/** An attestation service of one's own in front of the ecosystem's cache, which asks for more than the one in there. */
interface StrictService {
  readonly running: RunningAttestationService;
  attest(): Promise<DecisionRecord>;
  close(): Promise<void>;
}

export function evaluationSuite(standOf: StandOf): void {
  let service: StrictService | undefined;

  async function open(minimumEvaluation: MinimumEvaluation): Promise<StrictService> {
    const { party, folder } = standOf();
    const home = folder(`strict-${String(minimumEvaluation)}`);
    const tls = await openLocalCa(home);
    const upstream = createHttpClient({ ca: party.ca });
    const running = await startAttestationService({
      ...{ home, tls, host: '127.0.0.1', port: 0, kek: systemRandom.bytes(32) },
      ...{ clock: systemClock(), logger: silentLogger, random: systemRandom, http: upstream },
      pckCacheUrl: party.url('pck-cache'),
      identity: { authority: party.url('identity'), tenant: party.endpoints.tenant },
      simulatedRoot: await readFile(party.endpoints.simulatedRoot),
      operatorToken: OPERATOR_TOKEN,
      collateralRules: minimumEvaluation === undefined ? {} : { minimumEvaluation },
    });
    const http = createHttpClient({ ca: tls.pem });
    const maa = createMaaClient({ endpoint: `${running.url}/sharedeus2`, http });
    return {
      running,
      async attest() {
        const { requestId } = await maa
          .attestSgx({ quote: await party.quote() })
          .catch((error: unknown) => refusalOf(error));
        const { body } = await http.request({
          method: 'GET',
          url: `${running.url}/operator/decisions/${requestId}`,
          headers: { authorization: `Bearer ${OPERATOR_TOKEN}` },
        });
        return decodeDecisionRecord(toUtf8(body));
      },
      async close() {
        await http.close();
        await running.close();
        await upstream.close();
      },
    };
  }

  async function fault(...args: readonly string[]): Promise<void> {
    const ran = await standOf().touchstone('fault', ...args, '--json');
    expect(ran).toMatchObject({ code: 0, stderr: '' });
  }

  afterEach(async () => {
    await service?.close();
    await fault('clear');
  });

  it('of the early channel is judged by as soon as a recovery is public', async () => {
    service = await open('early');
    const before = await service.attest();
    expect(before).toMatchObject({ outcome: 'granted', facts: { tcbStatus: 'UpToDate' } });
    await fault('tcb-recovery', '--early', '--advisory', 'INTEL-SA-09998');
    await service.running.refreshCollateral();
    const after = await service.attest();
    expect(after).toMatchObject({
      outcome: 'granted',
      facts: { tcbStatus: 'OutOfDate', advisories: ['INTEL-SA-09998'] },
    });
    expect(numberOf(after)).toBe(numberOf(before) + 1);
    expect(after.checks).toContainEqual({
      name: 'collateral-evaluation',
      result: 'passed',
      read: `${numberOf(after)}`,
      expected: `${numberOf(after)} (early), at least`,
    });
    const { record } = await standOf().party.attest();
    expect(record.facts).toMatchObject({ tcbStatus: 'UpToDate' });
  });

  it('by number is not met by the standard channel before it is enforced', async () => {
    const wanted = numberOf((await standOf().party.attest()).record) + 1;
    service = await open(wanted);
    await fault('tcb-recovery', '--early');
    expect(await service.attest()).toMatchObject({
      outcome: 'refused',
      decisive: 'collateral-evaluation',
      facts: { collateral: { evaluationDataNumber: wanted - 1 } },
    });
    await fault('enforce-recoveries');
    await service.running.refreshCollateral();
    expect(await service.attest()).toMatchObject({
      outcome: 'granted',
      facts: { tcbStatus: 'OutOfDate', collateral: { evaluationDataNumber: wanted } },
    });
  });

  it('of the standard channel follows a recovery that is enforced at once', async () => {
    service = await open('standard');
    const before = await service.attest();
    await fault('tcb-recovery', '--standard');
    await service.running.refreshCollateral();
    const after = await service.attest();
    expect(after).toMatchObject({ outcome: 'granted', facts: { tcbStatus: 'OutOfDate' } });
    expect(numberOf(after)).toBe(numberOf(before) + 1);
  });
}

const numberOf = ({ facts }: DecisionRecord): number =>
  (facts['collateral'] as { readonly evaluationDataNumber: number }).evaluationDataNumber;

function refusalOf(error: unknown): { readonly requestId: string } {
  if (error instanceof MaaClientError && error.refusal !== undefined) return error.refusal;
  throw error;
}
