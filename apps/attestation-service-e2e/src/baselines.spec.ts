import { toBase64Url } from '@touchstone/bytes';
import { MODEL_E3 } from '@touchstone/authority';
import { wrapPolicy } from '@touchstone/policy-document';
import { aPlatform, collateralOf } from '@touchstone/testkit';
import { jsonOf, openBench, type Bench } from './bench';
import { aBoundQuote } from './evidence';
import { credentialOf, makeProvider } from './owners';
import { EVIDENCE_REFUSALS } from './refusals';

jest.setTimeout(120_000);

const [, , , BELOW_BASELINE] = EVIDENCE_REFUSALS;

/** A platform whose microcode is older than Intel's newest. */
function anOldPlatform(at: Date) {
  const { authority } = aPlatform({ at });
  const [newest, ...others] = authority.certifiedTcbs(MODEL_E3, at);
  const tcb = others.find(({ components: [microcode] }) => microcode !== newest?.components[0]);
  if (!tcb) throw new Error('there was a recovery');
  return aPlatform({ at, authority, tcb });
}

describe('TCB baselines', () => {
  const at = new Date();
  const platform = anOldPlatform(at);
  const collateralOfEvaluation = (evaluationDataNumber: number) =>
    platform.authority.collateral(platform.model, at, { evaluationDataNumber });
  let bench: Bench;
  let authorization: string;

  beforeAll(async () => {
    bench = await openBench({ withIdentity: true, platform });
    await makeProvider(bench, 'contoso');
    const { token } = await credentialOf(bench).getToken('https://attest.azure.net/.default');
    authorization = `Bearer ${token}`;
  });
  afterAll(() => bench.close());

  const ask = (method: 'GET' | 'PUT' | 'POST', path: string, body?: string) =>
    bench.http.request({
      method,
      url: `${bench.provider('contoso')}${path}?api-version=2025-06-01`,
      headers: { authorization, 'content-type': 'application/json' },
      ...(body !== undefined && { body }),
    });
  const choose = async (identifier: string): Promise<void> => {
    const rule = `=> issueproperty(type="x-ms-sgx-tcbidentifier", value="${identifier}");`;
    const text = `version=1.1; configurationrules{${rule}}; authorizationrules{=> permit();};`;
    expect((await ask('PUT', '/policies/SgxEnclave', wrapPolicy(text))).status).toBe(200);
  };
  const attest = () =>
    ask(
      'POST',
      '/attest/SgxEnclave',
      JSON.stringify({ quote: toBase64Url(aBoundQuote(platform)) }),
    );
  const selected = async (type = 'SgxEnclave'): Promise<readonly string[]> => {
    const { tcbBaselines } = jsonOf(await ask('GET', `/tcbbaselines/${type}`)) as {
      tcbBaselines: { tcbIdentifier: string; isSelectedTcb: boolean }[];
    };
    return tcbBaselines.flatMap((each) => (each.isSelectedTcb ? [each.tcbIdentifier] : []));
  };

  it('are listed as published, the one in force marked', async () => {
    const response = await ask('GET', '/tcbbaselines/sgxenclave');
    expect(response.status).toBe(200);
    const { tcbBaselines } = jsonOf(response) as { tcbBaselines: object[] };
    expect(tcbBaselines).toHaveLength(7);
    expect(JSON.stringify(tcbBaselines[0])).toBe(
      '{"tcbIdentifier":"azuredefault","tcbEvaluationDataNumber":10,"tcbReleaseDate":"2020-11-11T00:00:00",' +
        '"minimumPswLinuxVersion":"2.9","minimumPswWindowsVersion":"2.7.101.2","isSelectedTcb":true}',
    );
  });

  it('are for callers with a token', async () => {
    const url = `${bench.provider('sharedeus2')}/tcbbaselines/SgxEnclave?api-version=2025-06-01`;
    expect((await bench.http.request({ method: 'GET', url })).status).toBe(401);
    const known = await bench.http.request({ method: 'GET', url, headers: { authorization } });
    expect(known.status).toBe(200);
  });

  it('are chosen by the policy of a type', async () => {
    await choose('12');
    expect(await selected()).toEqual(['12']);
    expect(await selected('OpenEnclave')).toEqual(['azuredefault']);
  });

  it.each(['azuredefault', '12', '15'])('%s takes a platform that meets it', async (identifier) => {
    await choose(identifier);
    expect((await attest()).status).toBe(200);
  });

  it('of an evaluation refuse a platform that is out of date', async () => {
    await choose('18');
    const response = await attest();
    expect(response.status).toBe(400);
    expect(jsonOf(response)).toEqual({
      error: { code: 'InvalidParameter', message: BELOW_BASELINE },
    });
  });

  it.each(['99', 'azure'])('that are none refuse every platform: %s', async (identifier) => {
    await choose(identifier);
    const response = await attest();
    expect(response.status).toBe(400);
    expect(jsonOf(response)).toMatchObject({ error: { code: 'PolicyEvaluationError' } });
  });

  it('are judged by TCB info of their evaluation where that is what there is', async () => {
    bench.stand.serve(collateralOfEvaluation(17));
    const forgotten = await bench.http.request({
      method: 'POST',
      url: `${bench.service().url}/operator/collateral/forget`,
      headers: { authorization: 'Bearer operator' },
    });
    expect(forgotten.status).toBe(200);
    await choose('17');
    expect((await attest()).status).toBe(200);
  });

  it('go on being judged by it after a recovery, and after a restart', async () => {
    bench.stand.serve(collateralOf(platform));
    await bench.service().refreshCollateral();
    await choose('azuredefault');
    expect((await attest()).status).toBe(200);
    await bench.restart();
    for (const identifier of ['17', '18']) {
      await choose(identifier);
      expect((await attest()).status).toBe(200);
    }
    await choose('19');
    expect((await attest()).status).toBe(200);
  });
});
