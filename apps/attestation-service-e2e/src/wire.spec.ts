import { fromBase64Url, sha256, toBase64, toBase64Url, toHex, toUtf8 } from '@touchstone/bytes';
import { decodeDecisionRecord, type DecisionRecord } from '@touchstone/decision';
import type { HttpResponse } from '@touchstone/http-client';
import { encodeOeReport } from '@touchstone/quote';
import { jwtClaims, parseCompactJws, verifyToken, type Jwks } from '@touchstone/token';
import { CANONICAL, OPERATOR_TOKEN, jsonOf, openBench, postAttest, type Bench } from './bench';
import { RUNTIME_BYTES, aBoundQuote, runtimeData } from './evidence';

jest.setTimeout(60_000);

describe('the data plane', () => {
  let bench: Bench;
  let evidence: Uint8Array;
  let quote: string;

  beforeAll(async () => {
    bench = await openBench();
    evidence = aBoundQuote(bench.platform);
    quote = toBase64Url(evidence);
  });
  afterAll(() => bench.close());

  const tokenOf = (response: HttpResponse): string => (jsonOf(response) as { token: string }).token;
  const keySet = async (base: string): Promise<Jwks> =>
    jsonOf(await bench.http.request({ method: 'GET', url: `${base}/certs` })) as Jwks;

  it('answers with Azure’s headers', async () => {
    const { status, headers } = await postAttest(bench, { quote });
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('application/json; charset=utf-8');
    expect(headers['x-ms-request-id']).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/);
    expect(headers['x-ms-maa-service-version']).toMatch(/^\d+\.\d+\.\d{5}\.\d{4}$/);
    expect(headers).not.toHaveProperty('x-powered-by');
  });

  it('keeps the trace of the caller in its request id', async () => {
    const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
    const { headers } = await bench.http.request({
      method: 'GET',
      url: `${bench.provider()}/certs`,
      headers: { traceparent: `00-${trace}-00f067aa0ba902b7-01` },
    });
    expect(headers['x-ms-request-id']).toContain(trace);
  });

  it('names the members of header and body in the order of the live service', async () => {
    const token = tokenOf(await postAttest(bench, { quote, runtimeData: runtimeData('Binary') }));
    const [header = '', body = ''] = token
      .split('.')
      .slice(0, 2)
      .map((part) => toUtf8(fromBase64Url(part)));
    expect(Object.keys(JSON.parse(header) as object)).toEqual(['alg', 'jku', 'kid', 'typ']);
    expect(Object.keys(JSON.parse(body) as object)).toEqual([
      'aas-ehd',
      'exp',
      'iat',
      'is-debuggable',
      'iss',
      'jti',
      'maa-attestationcollateral',
      'maa-ehd',
      'nbf',
      'product-id',
      'sgx-mrenclave',
      'sgx-mrsigner',
      'svn',
      'tee',
      'x-ms-attestation-type',
      'x-ms-policy',
      'x-ms-policy-hash',
      'x-ms-sgx-collateral',
      'x-ms-sgx-ehd',
      'x-ms-sgx-is-debuggable',
      'x-ms-sgx-mrenclave',
      'x-ms-sgx-mrsigner',
      'x-ms-sgx-product-id',
      'x-ms-sgx-report-data',
      'x-ms-sgx-svn',
      'x-ms-ver',
    ]);
  });

  it('gives JSON runtime data as an object and nothing as text', async () => {
    const response = await postAttest(bench, { quote, runtimeData: runtimeData('json') });
    const claims = jwtClaims(parseCompactJws(tokenOf(response)));
    expect(claims['x-ms-runtime']).toEqual(JSON.parse(toUtf8(RUNTIME_BYTES)));
    for (const name of ['x-ms-sgx-ehd', 'maa-ehd', 'aas-ehd'])
      expect(claims).not.toHaveProperty(name);
  });

  it('makes tokens that live eight hours and are each another', async () => {
    const [a, b] = await Promise.all([postAttest(bench, { quote }), postAttest(bench, { quote })]);
    const first = jwtClaims(parseCompactJws(tokenOf(a)));
    expect(Number(first['exp']) - Number(first['iat'])).toBe(28_800);
    expect(first['nbf']).toBe(first['iat']);
    expect(first['jti']).toMatch(/^[0-9a-f]{64}$/);
    expect(jwtClaims(parseCompactJws(tokenOf(b)))['jti']).not.toBe(first['jti']);
  });

  it('hashes the evidence as it was sent, an Open Enclave header included', async () => {
    const report = encodeOeReport(evidence);
    const claims = jwtClaims(
      parseCompactJws(
        tokenOf(await postAttest(bench, { report: toBase64(report) }, 'OpenEnclave')),
      ),
    );
    expect(claims['x-ms-sgx-collateral']).toMatchObject({ quotehash: toHex(sha256(report)) });
    expect(claims['maa-attestationcollateral']).toEqual(claims['x-ms-sgx-collateral']);
  });

  it.each([
    ['2020-10-01', undefined],
    ['2022-08-01', 'n-1'],
    ['2025-06-01', 'n-1'],
  ])('under %s gives the nonce back as %p', async (version, nonce) => {
    const response = await postAttest(
      bench,
      { quote, nonce: 'n-1' },
      'SgxEnclave',
      `?api-version=${version}`,
    );
    expect(jwtClaims(parseCompactJws(tokenOf(response)))['nonce']).toBe(nonce);
  });

  it.each([
    ['by path', () => bench.provider()],
    ['by its host name', () => CANONICAL],
  ])('issues in the name that the caller used, %s', async (_name, base) => {
    const issuer = base();
    const response = await bench.http.request({
      method: 'POST',
      url: `${issuer}/attest/SgxEnclave?api-version=2020-10-01`,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ quote }),
    });
    const verified = await verifyToken(tokenOf(response), (await keySet(issuer)).keys, {
      algorithms: ['RS256'],
      issuer,
      at: bench.clock.now(),
    });
    expect(verified.header).toMatchObject({ jku: `${issuer}/certs` });
    const metadata = await bench.http.request({
      method: 'GET',
      url: `${issuer}/.well-known/openid-configuration`,
    });
    expect(jsonOf(metadata)).toMatchObject({ issuer, jwks_uri: `${issuer}/certs` });
  });

  it('publishes x5c, kid and kty first', async () => {
    const [key] = (await keySet(bench.provider())).keys;
    expect(Object.keys(key ?? {}).slice(0, 3)).toEqual(['x5c', 'kid', 'kty']);
    expect(key?.kid).toMatch(/^[A-Za-z0-9+/]{43}=$/);
  });

  it('has another key in another region', async () => {
    const [east, central] = await Promise.all([
      keySet(bench.provider()),
      keySet(bench.provider('sharedcus')),
    ]);
    expect(east.keys[0]?.kid).not.toBe(central.keys[0]?.kid);
  });

  it('marks a debug enclave', async () => {
    const debug = aBoundQuote(bench.platform, { manifest: { debug: true } });
    const claims = jwtClaims(
      parseCompactJws(tokenOf(await postAttest(bench, { quote: toBase64Url(debug) }))),
    );
    expect(claims).toMatchObject({ 'x-ms-sgx-is-debuggable': true, 'is-debuggable': true });
  });

  describe('decision records', () => {
    async function recordOf({ headers }: HttpResponse): Promise<DecisionRecord> {
      const { status, body } = await bench.http.request({
        method: 'GET',
        url: `${bench.service().url}/operator/decisions/${headers['x-ms-request-id'] ?? ''}`,
        headers: { authorization: `Bearer ${OPERATOR_TOKEN}` },
      });
      expect(status).toBe(200);
      return decodeDecisionRecord(toUtf8(body));
    }

    it('say of a grant what was proven and by which anchor', async () => {
      const record = await recordOf(
        await postAttest(bench, { quote, runtimeData: runtimeData('JSON') }),
      );
      expect(record).toMatchObject({
        outcome: 'granted',
        status: 200,
        anchor: 'simulated',
        subject: {
          provider: 'sharedeus2',
          attestationType: 'SgxEnclave',
          evidence: toHex(sha256(evidence)),
        },
        facts: { tcbStatus: 'UpToDate', svn: 3, productId: 7 },
      });
      expect(record.checks.filter(({ result }) => result === 'failed')).toEqual([]);
      expect(record.checks.map(({ name }) => name)).toEqual(
        expect.arrayContaining([
          'quote-signature',
          'trust-anchor',
          'tcb-level',
          'runtime-data-binding',
          'tcb-baseline',
          'policy-authorization-rule-1',
          'policy-issuance-rule-6',
        ]),
      );
    });

    it('say of a refusal which check decided', async () => {
      const forged = evidence.slice();
      forged[48 + 64] = (forged[48 + 64] ?? 0) ^ 1;
      const record = await recordOf(await postAttest(bench, { quote: toBase64Url(forged) }));
      expect(record).toMatchObject({
        outcome: 'refused',
        status: 400,
        code: 'InvalidParameter',
        decisive: 'quote-signature',
      });
      expect(record.facts).toEqual({});
    });

    it('name rule, claim and value of a policy that did not permit', async () => {
      const draftPolicyForAttestation =
        'version=1.0; authorizationrules{ [type=="x-ms-sgx-svn", value>=9] => permit(); };';
      const record = await recordOf(await postAttest(bench, { quote, draftPolicyForAttestation }));
      expect(record.decisive).toBe('policy-authorization-rule-1');
      expect(record.checks.find(({ name }) => name === record.decisive)).toMatchObject({
        result: 'failed',
        read: 'x-ms-sgx-svn=3 (AttestationService)',
        expected: 'value>=9',
      });
    });
  });

  it('keeps its keys and its records over a restart', async () => {
    const before = (await keySet(bench.provider())).keys[0]?.kid;
    const { headers } = await postAttest(bench, { quote });
    await bench.restart();
    expect((await keySet(bench.provider())).keys[0]?.kid).toBe(before);
    const { status } = await bench.http.request({
      method: 'GET',
      url: `${bench.service().url}/operator/decisions/${headers['x-ms-request-id'] ?? ''}`,
      headers: { authorization: `Bearer ${OPERATOR_TOKEN}` },
    });
    expect(status).toBe(200);
  });
});
