import { toBase64Url } from '@touchstone/bytes';
import { parseTcbInfo } from '@touchstone/collateral';
import type { HttpResponse } from '@touchstone/http-client';
import { COLLATERAL_RETRY_MS } from '@touchstone/service-attestation';
import { aPlatform, collateralOf, type TestPlatform } from '@touchstone/testkit';
import {
  jsonOf,
  openBench,
  OPERATOR_TOKEN,
  postAttest,
  type Bench,
  type BenchOptions,
} from './bench';
import { aBoundQuote } from './evidence';
import { EVIDENCE_REFUSALS } from './refusals';

jest.setTimeout(60_000);

const DAY_MS = 86_400_000;
const [, , COLLATERAL_INVALID, BASELINE] = EVIDENCE_REFUSALS;

const evaluationOf = (platform: TestPlatform): number =>
  parseTcbInfo(collateralOf(platform).tcbInfo).tcbEvaluationDataNumber;

/** Documents of the evaluation before the one that is in force. */
const collateralBefore = (platform: TestPlatform) =>
  platform.authority.collateral(platform.model, platform.at, {
    evaluationDataNumber: evaluationOf(platform) - 1,
  });

describe('what a service asks of all collateral', () => {
  const at = new Date();
  const platform = aPlatform({ at });
  const neighbour = aPlatform({ at, authority: platform.authority, model: 'simulated-e5' });
  const newest = evaluationOf(platform);
  let bench: Bench;

  const open = async (collateralRules: BenchOptions['collateralRules']): Promise<void> => {
    bench = await openBench({ platform, ...(collateralRules && { collateralRules }) });
  };
  const attest = (who = platform): Promise<HttpResponse> =>
    postAttest(bench, { quote: toBase64Url(aBoundQuote(who)) });

  async function expectRefused(message: string | undefined, check: object): Promise<void> {
    const { status, headers, ...answer } = await attest();
    expect({ status, body: jsonOf({ status, headers, ...answer }) }).toEqual({
      status: 400,
      body: { error: { code: 'InvalidParameter', message } },
    });
    const record = await bench.http.request({
      method: 'GET',
      url: `${bench.service().url}/operator/decisions/${headers['x-ms-request-id'] ?? ''}`,
      headers: { authorization: `Bearer ${OPERATOR_TOKEN}` },
    });
    const { name } = check as { readonly name: string };
    expect(jsonOf(record)).toMatchObject({ decisive: name });
    const { checks } = jsonOf(record) as { readonly checks: readonly unknown[] };
    expect(checks.at(-1)).toEqual({ ...check, result: 'failed' });
  }

  const behind = (expected: string) => ({
    name: 'collateral-evaluation',
    code: 'APPRAISAL_BASELINE',
    read: `${newest - 1}`,
    expected: `${expected}, at least`,
  });

  afterEach(() => bench.close());

  it('may be a number, which an earlier evaluation does not reach', async () => {
    await open({ minimumEvaluation: newest });
    bench.stand.serve(collateralBefore(platform));
    await expectRefused(BASELINE, behind(`${newest}`));
    bench.stand.serve(collateralOf(platform));
    bench.clock.advance(COLLATERAL_RETRY_MS);
    expect((await attest()).status).toBe(200);
  });

  it('may be the standard evaluation, which documents of any platform show to be there', async () => {
    await open({ minimumEvaluation: 'standard' });
    bench.stand.serve(collateralBefore(platform));
    expect((await attest()).status).toBe(200);
    bench.stand.serve(collateralOf(neighbour));
    expect((await attest(neighbour)).status).toBe(200);
    bench.stand.serve(collateralBefore(platform));
    bench.clock.advance(COLLATERAL_RETRY_MS);
    await expectRefused(BASELINE, behind(`${newest} (standard)`));
    bench.stand.serve(collateralOf(platform));
    bench.clock.advance(COLLATERAL_RETRY_MS);
    expect((await attest()).status).toBe(200);
  });

  it('may be an age that documents must not exceed', async () => {
    await open({ maximumAgeMs: 10 * DAY_MS });
    expect((await attest()).status).toBe(200);
    bench.stand.outage(true);
    bench.clock.advance(12 * DAY_MS);
    const code = 'APPRAISAL_COLLATERAL_EXPIRED';
    const read = expect.stringMatching(/^\d+ s$/) as unknown;
    const expected = `${864_000} s, at most`;
    await expectRefused(COLLATERAL_INVALID, { name: 'collateral-age', code, read, expected });
  });

  it('is nothing unless it is said', async () => {
    await open(undefined);
    bench.stand.serve(collateralBefore(platform));
    expect((await attest()).status).toBe(200);
  });
});
