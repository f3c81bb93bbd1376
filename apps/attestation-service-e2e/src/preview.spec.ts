import { sha256, toBase64Url, toHex, toUtf8 } from '@touchstone/bytes';
import type { HttpResponse } from '@touchstone/http-client';
import { RESET_DOCUMENT, policyTokenHash, wrapPolicy } from '@touchstone/policy-document';
import { encodeOeReport } from '@touchstone/quote';
import { jwtClaims, parseCompactJws, verifyToken, type Jwks } from '@touchstone/token';
import { jsonOf, openBench, type Bench } from './bench';
import { RUNTIME_BYTES, aBoundQuote } from './evidence';
import { credentialOf, makeProvider } from './owners';
import { COLLATERAL_ERROR } from './refusals';

jest.setTimeout(120_000);

const PREVIEW = '2018-09-01-preview';
const DENYING = 'version=1.0; authorizationrules{=> deny();}; issuancerules{};';
const ISSUING =
  'version=1.0; authorizationrules{=> permit();}; issuancerules{c:[type=="$svn"] => issue(type="n", value=c.value);};';

describe('the dialect of 2018-09-01-preview', () => {
  let bench: Bench;
  let bearer: string;
  let evidence: Uint8Array;
  let asked: object;

  beforeAll(async () => {
    bench = await openBench({ withIdentity: true });
    await makeProvider(bench, 'contoso');
    const { token } = await credentialOf(bench).getToken('https://attest.azure.net/.default');
    bearer = `Bearer ${token}`;
    evidence = aBoundQuote(bench.platform);
    asked = { Quote: toBase64Url(evidence), EnclaveHeldData: toBase64Url(RUNTIME_BYTES) };
  });
  afterAll(() => bench.close());

  interface Ask {
    readonly provider?: string;
    readonly version?: string;
    readonly query?: string;
    readonly authorization?: string;
    readonly type?: string;
    readonly body?: string;
  }
  const ask = (method: 'GET' | 'PUT' | 'POST', path: string, options: Ask = {}) => {
    const { provider = 'contoso', version = PREVIEW, query = '', body } = options;
    const { authorization = bearer, type = 'application/json' } = options;
    return bench.http.request({
      method,
      url: `${bench.provider(provider)}${path}?api-version=${version}${query}`,
      headers: { 'content-type': type, ...(authorization !== '' && { authorization }) },
      ...(body !== undefined && { body }),
    });
  };
  const attest = (path: string, body: unknown = asked, options: Ask = {}) =>
    ask('POST', path, { body: JSON.stringify(body), ...options });
  const policy = (method: 'GET' | 'PUT' | 'POST', body?: string, tee = 'SgxEnclave') =>
    ask(method, '/operations/policy/current', {
      query: `&tee=${tee}`,
      type: 'text/plain',
      ...(body !== undefined && { body }),
    });
  const prepare = (body: string, tee = 'SgxEnclave') =>
    ask('POST', '/operations/policy/updatepolicy', {
      query: `&tee=${tee}`,
      type: 'text/plain',
      body,
    });
  const claimsOf = (response: HttpResponse) =>
    jwtClaims(parseCompactJws(jsonOf(response) as string));
  const verified = async (jwt: string, provider = 'contoso') => {
    const keySet = await bench.http.request({
      method: 'GET',
      url: `${bench.provider(provider)}/certs`,
    });
    return verifyToken(jwt, (jsonOf(keySet) as Jwks).keys, {
      algorithms: ['RS256'],
      issuer: bench.provider(provider),
      at: bench.clock.now(),
    });
  };

  describe('attests', () => {
    it.each(['/attest/SgxEnclave', '/attest/Tee/SgxEnclave', '/attest/tee/sgxenclave'])(
      'SGX at %s, with a token in a JSON string',
      async (path) => {
        const response = await attest(path, asked, { provider: 'sharedeus2' });
        expect(response.headers['content-type']).toBe('application/json; charset=utf-8');
        const { claims, header } = await verified(jsonOf(response) as string, 'sharedeus2');
        expect(header).toMatchObject({ alg: 'RS256', typ: 'JWT' });
        expect(Object.keys(claims)).toEqual([
          'aas-attestationcollateral',
          'aas-ehd',
          'aas-policyhash',
          'exp',
          'iat',
          'is-debuggable',
          'iss',
          'maa-attestationcollateral',
          'maa-ehd',
          'maa-policyHash',
          'nbf',
          'product-id',
          'sgx-mrenclave',
          'sgx-mrsigner',
          'svn',
          'tee',
        ]);
        expect(Number(claims['exp']) - Number(claims['iat'])).toBe(28_800);
        expect(claims).toMatchObject({
          'maa-ehd': toBase64Url(RUNTIME_BYTES),
          'aas-attestationcollateral': { 'aas-quotehash': toHex(sha256(evidence)) },
        });
      },
    );

    it('an Open Enclave report, whose header is not in its hash', async () => {
      const body = { ...asked, Quote: toBase64Url(encodeOeReport(evidence)) };
      const response = await attest('/attest/Tee/OpenEnclave', body, { type: 'text/plain' });
      expect(claimsOf(response)).toMatchObject({
        'maa-attestationcollateral': { 'maa-quotehash': toHex(sha256(evidence)) },
      });
    });

    it('by the same engine as today', async () => {
      const { status, body } = await attest('/attest/SgxEnclave', {
        ...asked,
        EnclaveHeldData: 'AAAA',
      });
      expect(status).toBe(400);
      expect(JSON.parse(toUtf8(body))).toEqual({
        error: {
          code: 'InvalidParameter',
          message: `${COLLATERAL_ERROR} EnclaveSuppliedDataDigest does not match ReportData in quote`,
        },
      });
    });

    it.each([
      ['no quote', {}, 'The parameter Quote is required.'],
      ['a quote of today', { quote: 7 }, 'The parameter Quote is invalid.'],
      ['no object', [], 'The parameter body is not a JSON object.'],
      [
        'held data that is a number',
        { Quote: 'AA', EnclaveHeldData: 1 },
        'The parameter EnclaveHeldData is invalid.',
      ],
    ])('nothing with %s', async (_name, body, message) => {
      const response = await attest('/attest/Tee/OpenEnclave', body);
      expect(response.status).toBe(400);
      expect(jsonOf(response)).toEqual({ error: { code: 'InvalidParameter', message } });
    });
  });

  it('may answer with the token alone, for clients that take it so', async () => {
    const bare = await openBench({ withIdentity: true, previewTokens: 'bare' });
    const { token } = await credentialOf(bare).getToken('https://attest.azure.net/.default');
    const { headers, body } = await bare.http.request({
      method: 'POST',
      url: `${bare.provider()}/attest/SgxEnclave?api-version=${PREVIEW}`,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ Quote: toBase64Url(aBoundQuote(bare.platform)) }),
    });
    await bare.close();
    expect(headers['content-type']).toBe('text/plain; charset=utf-8');
    expect(jwtClaims(parseCompactJws(toUtf8(body)))).toHaveProperty('aas-policyhash');
  });

  it.each([
    ['POST', '/attest/SgxEnclave'],
    ['POST', '/attest/Tee/OpenEnclave'],
    ['GET', '/operations/policy/current'],
    ['POST', '/operations/policy/updatepolicy'],
    ['PUT', '/operations/policy/current'],
    ['POST', '/operations/policy/current'],
    ['GET', '/operations/policy/certificates'],
    ['PUT', '/operations/policy/certificates'],
    ['POST', '/operations/policy/certificates'],
  ] as const)('%s %s asks for a token, without a body', async (method, path) => {
    const { status, headers, body } = await ask(method, path, {
      authorization: '',
      ...(method !== 'GET' && { body: '{}' }),
    });
    expect({ status, body: toUtf8(body) }).toEqual({ status: 401, body: '' });
    expect(headers['www-authenticate']).toMatch(/^Bearer authorization_uri="https:/);
  });

  describe('policies', () => {
    const today = async (): Promise<unknown> => {
      const response = await bench.http.request({
        method: 'GET',
        url: `${bench.provider('contoso')}/policies/SgxEnclave?api-version=2020-10-01`,
        headers: { authorization: bearer },
      });
      const { token } = jsonOf(response) as { token: string };
      return jwtClaims(parseCompactJws(token))['x-ms-policy'];
    };

    it('are set in two steps, and are those of today’s dialect', async () => {
      const jws = wrapPolicy(ISSUING);
      const prepared = jsonOf(await prepare(jws)) as string;
      expect((await verified(prepared)).claims).toMatchObject({
        'aas-policyHash': policyTokenHash(jws),
      });
      expect(await today()).not.toBe(jws);
      const { status, body } = await policy('PUT', prepared);
      expect({ status, body: toUtf8(body) }).toEqual({ status: 200, body: '' });
      expect(await today()).toBe(jws);
      expect(jsonOf(await policy('GET'))).toEqual({ policy: jws });
      expect(claimsOf(await attest('/attest/SgxEnclave'))).toMatchObject({
        n: 3,
        'aas-policyhash': toHex(sha256(Buffer.from(jws))),
      });
    });

    it('that today’s dialect sets hold here', async () => {
      const { status } = await bench.http.request({
        method: 'PUT',
        url: `${bench.provider('contoso')}/policies/SgxEnclave?api-version=2020-10-01`,
        headers: { authorization: bearer, 'content-type': 'text/plain' },
        body: wrapPolicy(DENYING),
      });
      expect(status).toBe(200);
      const refused = await attest('/attest/SgxEnclave');
      expect(refused.status).toBe(400);
      // Without what later builds say again inside.
      expect(jsonOf(refused)).toEqual({
        error: { code: 'PolicyEvaluationError', message: expect.any(String) as string },
      });
      expect(claimsOf(await policy('POST', RESET_DOCUMENT))).toHaveProperty('aas-policyHash');
      expect((await attest('/attest/SgxEnclave')).status).toBe(200);
    });

    it.each([
      ['a broken policy', wrapPolicy('version=1.0'), 'PolicyParsingError'],
      ['a policy in JSON', wrapPolicy('{"$version":1}'), 'PolicyParsingError'],
      ['no document', 'text', 'InvalidOperation'],
    ])('are not set by %s', async (_name, body, code) => {
      for (const response of [await prepare(body), await policy('PUT', body)]) {
        expect(response.status).toBe(400);
        expect(jsonOf(response)).toMatchObject({ error: { code } });
      }
    });

    it('of shared providers stay', async () => {
      const response = await ask('PUT', '/operations/policy/current', {
        provider: 'sharedeus2',
        query: '&tee=SgxEnclave',
        body: wrapPolicy(DENYING),
      });
      expect(response.status).toBe(400);
      expect(jsonOf(response)).toMatchObject({ error: { code: 'InvalidOperation' } });
    });

    it.each(['', '&tee=', '&tee=VSMEnclave', '&tee=SgxEnclave&tee=OpenEnclave'])(
      'are of a type: %j is none',
      async (query) => {
        const response = await ask('GET', '/operations/policy/current', { query });
        expect(response.status).toBe(400);
        expect(jsonOf(response)).toMatchObject({ error: { code: 'InvalidParameter' } });
      },
    );

    it('have no signers where a provider is not isolated', async () => {
      const response = await ask('GET', '/operations/policy/certificates');
      expect(claimsOf(response)['aas-policyCertificates']).toEqual({ keys: [] });
      const adding = await ask('PUT', '/operations/policy/certificates', {
        body: JSON.stringify(wrapPolicy(ISSUING)),
      });
      expect(adding.status).toBe(400);
    });
  });
});
