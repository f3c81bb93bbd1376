import { concat, fromUtf8, sha256, toBase64Url, toHex } from '@touchstone/bytes';
import type { HeldData } from '@touchstone/claims';
import { hasCode } from '@touchstone/errors';
import { DEFAULT_SGX_POLICY, DEFAULT_SGX_POLICY_2020 } from '@touchstone/policy';
import { attributes } from '@touchstone/quote';
import { DEBUG, KSS, PLAIN, aVerifiedQuote, boundTo } from './__fixtures__/verified';
import { activatePolicy } from './active-policy';
import { appraise, type AppraisalInput } from './appraise';
import { BASELINES } from './baseline';

const SILENT = activatePolicy('version=1.0; authorizationrules{=> permit();}; issuancerules{};');
const EVIDENCE = fromUtf8('evidence as sent');
const JSON_BYTES = fromUtf8('{"b":{"d":1,"c":2},"a":[]}');
const NAMES_OF_EVERY_TOKEN = [
  'maa-attestationcollateral',
  'x-ms-attestation-type',
  'x-ms-policy-hash',
  'x-ms-sgx-collateral',
  'x-ms-sgx-is-debuggable',
  'x-ms-sgx-mrenclave',
  'x-ms-sgx-mrsigner',
  'x-ms-sgx-product-id',
  'x-ms-sgx-report-data',
  'x-ms-sgx-svn',
  'x-ms-ver',
];

const input = (changes: Partial<AppraisalInput> = {}): AppraisalInput => ({
  verified: aVerifiedQuote(),
  evidenceDigest: toHex(sha256(EVIDENCE)),
  policy: SILENT,
  ...changes,
});

const policyOf = (authorization: string, issuance = '') =>
  activatePolicy(`version=1.0; authorizationrules{${authorization}}; issuancerules{${issuance}};`);

function codeOf(act: () => unknown): string | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    return hasCode(error) ? error.code : String(error);
  }
}

describe('claims', () => {
  it('are those of the report, with the hash of the policy', () => {
    const { claims } = appraise(input());
    expect(Object.keys(claims).sort()).toEqual(NAMES_OF_EVERY_TOKEN);
    expect(claims).toMatchObject({
      'x-ms-ver': '1.0',
      'x-ms-attestation-type': 'sgx',
      'x-ms-policy-hash': SILENT.hash,
      'x-ms-sgx-is-debuggable': false,
      'x-ms-sgx-mrenclave': 'ee'.repeat(32),
      'x-ms-sgx-mrsigner': '55'.repeat(32),
      'x-ms-sgx-product-id': 7,
      'x-ms-sgx-svn': 3,
      'x-ms-sgx-report-data': '00'.repeat(64),
    });
  });

  it('have the hashes of what was judged under both names', () => {
    const { claims } = appraise(input());
    expect(claims['x-ms-sgx-collateral']).toEqual({
      quotehash: toHex(sha256(EVIDENCE)),
      qeidhash: 'a3',
      qeidcertshash: 'a4',
      qeidcrlhash: 'a7',
      tcbinfohash: 'a1',
      tcbinfocertshash: 'a2',
      tcbinfocrlhash: 'a7',
    });
    expect(claims['maa-attestationcollateral']).toBe(claims['x-ms-sgx-collateral']);
  });

  it('say that an enclave can be debugged', () => {
    const verified = aVerifiedQuote({ attributes: attributes(PLAIN | DEBUG) });
    expect(appraise(input({ verified })).claims['x-ms-sgx-is-debuggable']).toBe(true);
  });

  it('have the fields of key separation and sharing only where it is on', () => {
    const verified = aVerifiedQuote({ attributes: attributes(PLAIN | KSS) });
    expect(appraise(input({ verified })).claims).toMatchObject({
      'x-ms-sgx-config-id': 'cc'.repeat(64),
      'x-ms-sgx-config-svn': 9,
      'x-ms-sgx-isv-extended-product-id': '22'.repeat(16),
      'x-ms-sgx-isv-family-id': 'ff'.repeat(16),
    });
  });

  it('have a nonce and a policy signer where there is one', () => {
    const policy = activatePolicy(SILENT.policy.text, { kty: 'RSA' });
    expect(appraise(input({ policy, nonce: 'n' })).claims).toMatchObject({
      nonce: 'n',
      'x-ms-policy-signer': { kty: 'RSA' },
    });
  });
});

describe('runtime data', () => {
  const verified = aVerifiedQuote({ reportData: boundTo(JSON_BYTES) });
  const held = (dataType: HeldData['dataType'], bytes = JSON_BYTES): HeldData => ({
    bytes,
    dataType,
  });

  it('that is binary stands under three names, as text', () => {
    const { claims } = appraise(input({ verified, runtimeData: held('Binary') }));
    const text = toBase64Url(JSON_BYTES);
    expect(claims).toMatchObject({ 'x-ms-sgx-ehd': text, 'maa-ehd': text, 'aas-ehd': text });
    expect(claims).not.toHaveProperty('x-ms-runtime');
  });

  it('that is JSON stands under one, as an object', () => {
    const { claims } = appraise(input({ verified, runtimeData: held('JSON') }));
    expect(claims['x-ms-runtime']).toEqual({ a: [], b: { c: 2, d: 1 } });
    expect(Object.keys(claims).sort()).toEqual([...NAMES_OF_EVERY_TOKEN, 'x-ms-runtime'].sort());
  });

  it.each<[string, HeldData, string]>([
    ['the enclave did not commit to', held('Binary', fromUtf8('other')), 'RUNTIME_DATA_MISMATCH'],
    [
      'differ by white space',
      held('JSON', concat(JSON_BYTES, fromUtf8('\n'))),
      'RUNTIME_DATA_MISMATCH',
    ],
  ])('that %s is refused', (_name, runtimeData, code) => {
    expect(codeOf(() => appraise(input({ verified, runtimeData })))).toBe(code);
  });

  it('is refused when the rest of the report data is not zero', () => {
    const reportData = boundTo(JSON_BYTES);
    reportData[63] = 1;
    const act = () =>
      appraise(input({ verified: aVerifiedQuote({ reportData }), runtimeData: held('Binary') }));
    expect(codeOf(act)).toBe('RUNTIME_DATA_MISMATCH');
  });

  it.each([
    ['[]', 'CLAIMS_JSON_NOT_AN_OBJECT'],
    ['{"a":1,"a":2}', 'CLAIMS_JSON_DUPLICATE_MEMBER'],
    ['{', 'CLAIMS_JSON_MALFORMED'],
  ])('that is JSON but for %s is refused', (text, code) => {
    const bytes = fromUtf8(text);
    const bound = aVerifiedQuote({ reportData: boundTo(bytes) });
    expect(
      codeOf(() => appraise(input({ verified: bound, runtimeData: held('JSON', bytes) }))),
    ).toBe(code);
  });
});

describe('init time data', () => {
  const initTimeData: HeldData = { bytes: JSON_BYTES, dataType: 'JSON' };
  const configId = concat(sha256(JSON_BYTES), new Uint8Array(32));
  const kss = attributes(PLAIN | KSS);

  it('that the enclave was started with becomes an object', () => {
    const verified = aVerifiedQuote({ attributes: kss, configId });
    expect(appraise(input({ verified, initTimeData })).claims['x-ms-inittime']).toEqual({
      a: [],
      b: { c: 2, d: 1 },
    });
  });

  it('that is binary has no claim', () => {
    const verified = aVerifiedQuote({ attributes: kss, configId });
    const { claims } = appraise(
      input({ verified, initTimeData: { ...initTimeData, dataType: 'Binary' } }),
    );
    expect(claims).not.toHaveProperty('x-ms-inittime');
  });

  it.each([
    ['without a configuration id', { configId }, 'APPRAISAL_INIT_DATA_NOT_SUPPORTED'],
    ['with another one', { attributes: kss }, 'APPRAISAL_INIT_DATA_BINDING'],
  ])('of an enclave %s is refused', (_name, body, code) => {
    expect(codeOf(() => appraise(input({ verified: aVerifiedQuote(body), initTimeData })))).toBe(
      code,
    );
  });
});

describe('the baseline', () => {
  it.each([
    ['UpToDate', undefined, undefined],
    ['SWHardeningNeeded', undefined, undefined],
    ['ConfigurationNeeded', undefined, undefined],
    ['ConfigurationAndSWHardeningNeeded', undefined, undefined],
    ['OutOfDate', undefined, 'APPRAISAL_BASELINE'],
    ['OutOfDateConfigurationNeeded', undefined, 'APPRAISAL_BASELINE'],
    ['Revoked', 'APPRAISAL_BASELINE', 'APPRAISAL_BASELINE'],
  ] as const)('judges a platform that is %s', (status, byDefault, current) => {
    const verified = aVerifiedQuote({}, { tcb: { status } });
    expect(codeOf(() => appraise(input({ verified })))).toBe(byDefault);
    expect(codeOf(() => appraise(input({ verified, baseline: BASELINES.current })))).toBe(current);
  });

  it.each([
    ['tcb-info', undefined],
    ['qe-identity', undefined],
    ['root-ca-crl', 'APPRAISAL_COLLATERAL_EXPIRED'],
    ['pck-crl', 'APPRAISAL_COLLATERAL_EXPIRED'],
    ['pck-chain', 'APPRAISAL_COLLATERAL_EXPIRED'],
    ['tcb-info-issuer-chain', 'APPRAISAL_COLLATERAL_EXPIRED'],
  ] as const)('judges a %s past its date', (document, code) => {
    const verified = aVerifiedQuote({}, { collateral: { expired: [document] } });
    expect(codeOf(() => appraise(input({ verified })))).toBe(code);
  });

  it('may ask for an evaluation of Intel’s and for young documents', () => {
    const baseline = {
      ...BASELINES.azuredefault,
      minimumEvaluation: 'early',
      maximumAgeMs: 0,
    } as const;
    const asked = (early: number) =>
      codeOf(() => appraise(input({ baseline, offeredEvaluations: { early } })));
    expect(asked(17)).toBeUndefined();
    expect(asked(18)).toBe('APPRAISAL_BASELINE');
  });

  it('does not stand in for what the service asks of every document', () => {
    const asked = (minimumEvaluation: number) =>
      codeOf(() =>
        appraise(
          input({
            baseline: { ...BASELINES.azuredefault, minimumEvaluation: 1 },
            collateralRules: { minimumEvaluation },
          }),
        ),
      );
    expect(asked(17)).toBeUndefined();
    expect(asked(18)).toBe('APPRAISAL_BASELINE');
  });

  it('is what the policy chooses', () => {
    const verified = aVerifiedQuote({}, { tcb: { status: 'OutOfDate' } });
    const appraised = (name: string) => {
      const rule = `=> issueproperty(type="x-ms-sgx-tcbidentifier", value="${name}");`;
      const policy = activatePolicy(
        `version=1.1; configurationrules{${rule}}; authorizationrules{=> permit();};`,
      );
      return codeOf(() => appraise(input({ verified, policy })));
    };
    expect(appraised('azuredefault')).toBeUndefined();
    expect(appraised('17')).toBe('APPRAISAL_BASELINE');
    expect(appraised('18')).toBe('APPRAISAL_BASELINE_UNKNOWN');
  });
});

describe('the policy', () => {
  const ISSUED = {
    'is-debuggable': false,
    'product-id': 7,
    'sgx-mrenclave': 'ee'.repeat(32),
    'sgx-mrsigner': '55'.repeat(32),
    svn: 3,
    tee: 'sgx',
  };

  it.each([
    ['of today', DEFAULT_SGX_POLICY],
    ['of 2020, over the names of the preview', DEFAULT_SGX_POLICY_2020],
  ])('by default, %s, issues six claims in both places', (_name, text) => {
    const { claims } = appraise(input({ policy: activatePolicy(text) }));
    expect(claims).toMatchObject(ISSUED);
    expect(claims['x-ms-policy']).toEqual(ISSUED);
  });

  it('that issues nothing leaves no trace in the claims', () => {
    expect(appraise(input()).claims).not.toHaveProperty('x-ms-policy');
  });

  it('cannot speak for the service', () => {
    const names = ['x-ms-sgx-svn', 'x-ms-runtime', 'iss', 'exp', 'nonce', 'maa-ehd', '__proto__'];
    const issuance = names.map((name) => `=> issue(type="${name}", value="forged");`).join('');
    const { claims } = appraise(input({ policy: policyOf('=> permit();', issuance) }));
    expect(claims['x-ms-sgx-svn']).toBe(3);
    for (const name of ['x-ms-runtime', 'iss', 'exp', 'nonce', 'maa-ehd']) {
      expect(claims).not.toHaveProperty(name);
    }
    expect(Object.keys(claims['x-ms-policy'] ?? {}).sort()).toEqual([...names].sort());
  });

  it('sees held data as text, and collateral', () => {
    const verified = aVerifiedQuote({ reportData: boundTo(EVIDENCE) });
    const policy = policyOf(
      `[type=="x-ms-sgx-ehd", value=="${toBase64Url(EVIDENCE)}"] && [type=="$maa-ehd"] && [type=="x-ms-sgx-collateral"] => permit();`,
    );
    const runtimeData: HeldData = { bytes: EVIDENCE, dataType: 'Binary' };
    expect(appraise(input({ verified, policy, runtimeData })).permitted).toBe(true);
  });

  it.each([
    ['a rule that denies', '=> permit(); => deny();', 'deny', 'policy-authorization-rule-2'],
    [
      'no rule that permits',
      '[type=="x-ms-sgx-svn", value>3] => permit();',
      'no-permit',
      'policy-authorization-rule-1',
    ],
    ['no rule at all', '', 'no-permit', 'policy-permit'],
    [
      'a comparison without meaning',
      '[type=="x-ms-ver", value>3] => permit(); [type=="x-ms-sgx-mrsigner", value>3] => permit();',
      'error',
      'policy-authorization-rule-2',
    ],
  ])('with %s gives no claims, and says which check decided', (_name, rules, verdict, decisive) => {
    const appraisal = appraise(input({ policy: policyOf(rules) }));
    expect(appraisal).toMatchObject({ permitted: false, verdict, claims: {} });
    expect(appraisal.checks.find(({ result }) => result === 'failed')?.name).toBe(decisive);
  });

  it.each([
    [
      '[type=="x-ms-sgx-svn", value>=3] => deny();',
      'not [type=="x-ms-sgx-svn", value>=3]',
      'x-ms-sgx-svn=3 (AttestationService)',
    ],
    ['=> deny();', 'no such rule', 'a rule without conditions'],
  ])('names the claim for which %s decided', (rule, expected, read) => {
    const policy = activatePolicy(`version=1.0; authorizationrules{=> permit(); ${rule}};`);
    const { checks } = appraise(input({ policy }));
    expect(checks.find(({ result }) => result === 'failed')).toMatchObject({
      name: 'policy-authorization-rule-2',
      expected,
      read,
    });
  });

  it('names the claim that a negated condition met', () => {
    const policy = activatePolicy(
      'version=1.2; authorizationrules{![type=="x-ms-sgx-svn", value>=3] => permit();};',
    );
    const { checks } = appraise(input({ policy }));
    expect(checks.find(({ result }) => result === 'failed')).toMatchObject({
      name: 'policy-authorization-rule-1',
      expected: '![type=="x-ms-sgx-svn", value>=3]',
      read: 'x-ms-sgx-svn=3 (AttestationService)',
    });
  });
});
