import { fromBase64Lenient, toBase64Url, toUtf8 } from '@touchstone/bytes';
import { decodeDecisionRecord, type Check, type DecisionRecord } from '@touchstone/decision';
import type { HttpResponse } from '@touchstone/http-client';
import {
  certificateThumbprint,
  encodePolicyText,
  policyTokenHash,
  wrapPolicy,
} from '@touchstone/policy-document';
import { parseCertificate } from '@touchstone/pki';
import { compactRs256 } from '@touchstone/testkit';
import { OPERATOR_TOKEN, openBench, postAttest, type Bench } from './bench';
import { aBoundQuote } from './evidence';
import { credentialOf, makeProvider } from './owners';
import { aPolicyOwner, type PolicyOwner } from './policy-owner';

jest.setTimeout(120_000);

const POLICY = 'version=1.0; authorizationrules{=> permit();}; issuancerules{};';

describe('the record of a refusal', () => {
  let bench: Bench;
  const owner = aPolicyOwner('owner');
  const stranger = aPolicyOwner('stranger');

  beforeAll(async () => {
    bench = await openBench({ withIdentity: true });
    await makeProvider(bench, 'contoso');
    await makeProvider(bench, 'isolated', owner.certificate);
  });
  afterAll(() => bench.close());

  async function recordOf({ headers }: HttpResponse): Promise<DecisionRecord> {
    const { status, body } = await bench.http.request({
      method: 'GET',
      url: `${bench.service().url}/operator/decisions/${headers['x-ms-request-id'] ?? ''}`,
      headers: { authorization: `Bearer ${OPERATOR_TOKEN}` },
    });
    expect(status).toBe(200);
    return decodeDecisionRecord(toUtf8(body));
  }

  const decisiveOf = ({ checks, decisive }: DecisionRecord): Check | undefined =>
    checks.find(({ name }) => name === decisive);

  const setPolicy = async (provider: string, jws: string): Promise<HttpResponse> => {
    const { token } = await credentialOf(bench).getToken('https://attest.azure.net/.default');
    return bench.http.request({
      method: 'PUT',
      url: `${bench.provider(provider)}/policies/SgxEnclave?api-version=2020-10-01`,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'text/plain' },
      body: jws,
    });
  };

  const signedBy = ({ key, x5c }: PolicyOwner): string =>
    compactRs256(key, { alg: 'RS256', x5c }, { AttestationPolicy: encodePolicyText(POLICY) });

  const nameOf = (commonName: string, { x5c: [der = ''] }: PolicyOwner): string =>
    `CN=${commonName} (${certificateThumbprint(parseCertificate(fromBase64Lenient(der)))})`;

  it.each([
    [
      'that did not permit',
      '[type=="x-ms-sgx-svn", value>=9] => permit();',
      'policy-authorization-rule-1',
      'value>=9',
    ],
    [
      'that denied',
      '=> permit(); [type=="x-ms-sgx-svn", value<9] => deny();',
      'policy-authorization-rule-2',
      'not [type=="x-ms-sgx-svn", value<9]',
    ],
  ])('names rule, claim and value of a policy %s', async (_name, rules, rule, expected) => {
    const policy = `version=1.0; authorizationrules{ ${rules} };`;
    expect((await setPolicy('contoso', wrapPolicy(policy))).status).toBe(200);
    const answer = await bench.http.request({
      method: 'POST',
      url: `${bench.provider('contoso')}/attest/SgxEnclave?api-version=2020-10-01`,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ quote: toBase64Url(aBoundQuote(bench.platform)) }),
    });
    const record = await recordOf(answer);
    expect(record).toMatchObject({ kind: 'attest', outcome: 'refused', decisive: rule });
    expect(decisiveOf(record)).toMatchObject({
      result: 'failed',
      read: 'x-ms-sgx-svn=3 (AttestationService)',
      expected,
      detail: expect.stringContaining('line 1'),
    });
  });

  it('names what stands in a policy, and what could', async () => {
    const jws = wrapPolicy('version=1.0;\nauthorizationrules { => permit() };');
    const record = await recordOf(await setPolicy('contoso', jws));
    expect(record).toMatchObject({
      kind: 'policy',
      outcome: 'refused',
      code: 'PolicyParsingError',
      subject: { provider: 'contoso', document: policyTokenHash(jws) },
    });
    expect(decisiveOf(record)).toMatchObject({
      name: 'policy-syntax',
      read: '} at line 2, column 34',
      expected: "';'",
    });
  });

  it.each([
    ['nobody', () => wrapPolicy(POLICY), 'no signature'],
    ['a stranger', () => signedBy(stranger), nameOf('stranger', stranger)],
  ])('names who signed and who should have: %s', async (_name, jws, read) => {
    const record = await recordOf(await setPolicy('isolated', jws()));
    expect(record).toMatchObject({ kind: 'policy', outcome: 'refused', status: 400 });
    expect(decisiveOf(record)).toMatchObject({
      name: 'policy-document',
      read,
      expected: nameOf('owner', owner),
    });
  });

  it('is one of a grant too, with who changed what', async () => {
    const jws = signedBy(owner);
    const record = await recordOf(await setPolicy('isolated', jws));
    expect(record).toMatchObject({
      kind: 'policy',
      outcome: 'granted',
      subject: {
        provider: 'isolated',
        attestationType: 'SgxEnclave',
        caller: expect.stringMatching(/^[0-9a-f-]{36}$/),
        document: policyTokenHash(jws),
      },
      checks: [{ name: 'policy-set', result: 'passed' }],
    });
  });

  it('names a draft policy that cannot be read', async () => {
    const quote = toBase64Url(aBoundQuote(bench.platform));
    const answer = await postAttest(bench, { quote, draftPolicyForAttestation: 'version=9;' });
    const record = await recordOf(answer);
    expect(record).toMatchObject({ kind: 'attest', decisive: 'policy-syntax' });
    expect(decisiveOf(record)?.read).toMatch(/ at line 1, column \d+$/);
  });
});
