import { fromUtf8 } from '@touchstone/bytes';
import { HttpClientError } from '@touchstone/http-client';
import {
  CHAIN,
  CRL,
  ENCODED_CHAIN,
  FMSPC,
  identity,
  PCK_PEM,
  TCBM,
  tcbInfo,
} from './__fixtures__/documents';
import { fakeHttp, type Answer } from './__fixtures__/fake-http';
import { createPcsClient } from './pcs-client';

const baseUrl = 'https://localhost:7030/sgx/certification/v4/';

function clientOf(...answers: readonly Answer[]) {
  const waits: number[] = [];
  const fake = fakeHttp(...answers);
  const wait = async (ms: number) => void waits.push(ms);
  return { client: createPcsClient({ baseUrl, http: fake.http, wait }), waits, ...fake };
}

const tcbAnswer = (body = tcbInfo()): Answer => ({
  body,
  headers: { 'content-type': 'application/json', 'tcb-info-issuer-chain': ENCODED_CHAIN },
});

describe('tcbInfo', () => {
  it('asks as Intel documents it and keeps the body as it came', async () => {
    const { client, requests } = clientOf(tcbAnswer());
    const answer = await client.tcbInfo(FMSPC, { update: 'early' });
    expect(requests[0]?.url).toBe(
      `https://localhost:7030/sgx/certification/v4/tcb?fmspc=${FMSPC}&update=early`,
    );
    expect(answer).toEqual({
      body: tcbInfo(),
      contentType: 'application/json',
      issuerChain: { encoded: ENCODED_CHAIN, pem: CHAIN },
    });
  });

  it('knows no update channels under v3', async () => {
    const { client, requests } = clientOf({
      body: tcbInfo(),
      headers: { 'sgx-tcb-info-issuer-chain': ENCODED_CHAIN },
    });
    await client.tcbInfo(FMSPC, { version: 3 });
    expect(requests[0]?.url).toBe(`https://localhost:7030/sgx/certification/v3/tcb?fmspc=${FMSPC}`);
  });

  it.each([
    ['of another FMSPC', tcbAnswer(tcbInfo('000000000000'))],
    ['that is no TCB info', tcbAnswer(fromUtf8('{}'))],
    ['without its issuer chain', { body: tcbInfo() }],
    ['with a chain that is none', { body: tcbInfo(), headers: { 'tcb-info-issuer-chain': 'x' } }],
    ['with broken encoding', { body: tcbInfo(), headers: { 'tcb-info-issuer-chain': '%' } }],
    [
      'with an endless chain',
      { body: tcbInfo(), headers: { 'tcb-info-issuer-chain': 'A'.repeat(16 * 1024 + 1) } },
    ],
  ])('refuses an answer %s', async (_name, answer) => {
    const { client, requests } = clientOf(answer);
    await expect(client.tcbInfo(FMSPC)).rejects.toMatchObject({ code: 'PCS_BAD_ANSWER' });
    expect(requests).toHaveLength(1);
  });
});

describe('enclaveIdentity', () => {
  const answer = (id: 'QE' | 'TD_QE'): Answer => ({
    body: identity(id),
    headers: { 'sgx-enclave-identity-issuer-chain': ENCODED_CHAIN },
  });

  it('knows where each identity is', async () => {
    const { client, requests } = clientOf(answer('QE'), answer('TD_QE'));
    await client.enclaveIdentity('QE');
    await client.enclaveIdentity('TD_QE');
    expect(requests.map(({ url }) => new URL(url).pathname)).toEqual([
      '/sgx/certification/v4/qe/identity',
      '/tdx/certification/v4/qe/identity',
    ]);
  });

  it('refuses another one', async () => {
    const { client } = clientOf(answer('TD_QE'));
    await expect(client.enclaveIdentity('QE')).rejects.toMatchObject({ code: 'PCS_BAD_ANSWER' });
  });
});

describe('CRLs', () => {
  it('are asked for in DER', async () => {
    const { client, requests } = clientOf({
      body: CRL,
      headers: { 'sgx-pck-crl-issuer-chain': ENCODED_CHAIN },
    });
    expect((await client.pckCrl('platform')).body).toEqual(CRL);
    expect(requests[0]?.url).toMatch(/pckcrl\?ca=platform&encoding=der$/);
  });

  it('of the root come from their own address', async () => {
    const { client, requests } = clientOf({ body: CRL });
    expect(await client.rootCaCrl()).toEqual(CRL);
    expect(requests[0]?.url).toBe(
      'https://certificates.trustedservices.intel.com/IntelSGXRootCA.der',
    );
  });

  it('are refused when they are none', async () => {
    const { client } = clientOf({ body: fromUtf8('<html>') });
    await expect(client.rootCaCrl()).rejects.toMatchObject({ code: 'PCS_BAD_ANSWER' });
  });
});

describe('pckCertificates', () => {
  const headers = {
    'sgx-fmspc': FMSPC.toLowerCase(),
    'sgx-pck-certificate-ca-type': 'processor',
    'sgx-pck-certificate-issuer-chain': ENCODED_CHAIN,
  };
  const list = (...entries: readonly unknown[]) => fromUtf8(JSON.stringify(entries));
  const entry = { tcb: {}, tcbm: TCBM, cert: encodeURIComponent(PCK_PEM) };
  const platform = { encryptedPpid: 'AB'.repeat(384), pceId: '0000' };

  it('reads entries and platform', async () => {
    const missing = { tcbm: TCBM.toLowerCase(), cert: 'Not available' };
    const { client } = clientOf({ body: list(entry, missing), headers });
    expect(await client.pckCertificates(platform)).toEqual({
      entries: [{ tcbm: TCBM, certificate: PCK_PEM }, { tcbm: TCBM }],
      fmspc: FMSPC,
      ca: 'processor',
      issuerChain: { encoded: ENCODED_CHAIN, pem: CHAIN },
    });
  });

  it.each([
    ['a list that is none', fromUtf8('{}')],
    ['text', fromUtf8('hello')],
    ['an endless list', list(...Array.from({ length: 257 }, () => entry))],
    ['an entry that is none', list(1)],
    ['an entry without TCBM', list({ ...entry, tcbm: '00' })],
    ['an entry without certificate', list({ tcbm: TCBM })],
    ['a certificate for another TCB', list({ ...entry, tcbm: '0'.repeat(36) })],
    ['a broken certificate', list({ ...entry, cert: 'MII' })],
    ['broken encoding', list({ ...entry, cert: '%zz' })],
  ])('refuses %s', async (_name, body) => {
    const { client } = clientOf({ body, headers });
    await expect(client.pckCertificates(platform)).rejects.toMatchObject({
      code: 'PCS_BAD_ANSWER',
    });
  });

  it('refuses an answer that does not tell the platform', async () => {
    const { client } = clientOf({ body: list(entry), headers: { ...headers, 'sgx-fmspc': '' } });
    await expect(client.pckCertificates(platform)).rejects.toMatchObject({
      code: 'PCS_BAD_ANSWER',
    });
  });
});

describe('an upstream in trouble', () => {
  const down = new HttpClientError('HTTP_UNREACHABLE', 'down');

  it.each([
    [400, 'PCS_REFUSED'],
    [401, 'PCS_UNAUTHORIZED'],
    [404, 'PCS_NOT_FOUND'],
    [410, 'PCS_GONE'],
    [302, 'PCS_BAD_ANSWER'],
  ])('is not asked again after status %i', async (status, code) => {
    const { client, requests } = clientOf({ status });
    await expect(client.tcbInfo(FMSPC)).rejects.toMatchObject({ code, field: 'tcb' });
    expect(requests).toHaveLength(1);
  });

  it.each([
    ['is down', down, 'PCS_UNREACHABLE'],
    ['fails', { status: 503 }, 'PCS_UNREACHABLE'],
    ['throttles', { status: 429 }, 'PCS_THROTTLED'],
  ])('is asked three times when it %s', async (_name, answer, code) => {
    const { client, requests, waits } = clientOf(answer);
    await expect(client.tcbInfo(FMSPC)).rejects.toMatchObject({ code });
    expect(requests).toHaveLength(3);
    expect(waits).toEqual([250, 500]);
  });

  it('is forgiven when it comes back', async () => {
    const { client } = clientOf(down, { status: 500 }, tcbAnswer());
    expect((await client.tcbInfo(FMSPC)).body).toEqual(tcbInfo());
  });

  it('is given the time that it asks for', async () => {
    const { client, waits } = clientOf(
      { status: 429, headers: { 'retry-after': '2' } },
      tcbAnswer(),
    );
    await client.tcbInfo(FMSPC);
    expect(waits).toEqual([2000]);
  });

  it('is not waited for too long', async () => {
    const { client, waits } = clientOf({ status: 429, headers: { 'retry-after': '60' } });
    await expect(client.tcbInfo(FMSPC)).rejects.toMatchObject({ code: 'PCS_THROTTLED' });
    expect(waits).toEqual([]);
  });

  it('cannot send more than is taken', async () => {
    const { client, requests } = clientOf(new HttpClientError('HTTP_BODY_TOO_LARGE', 'large'));
    await expect(client.tcbInfo(FMSPC)).rejects.toMatchObject({ code: 'PCS_TOO_LARGE' });
    expect(requests).toHaveLength(1);
  });
});

describe('createPcsClient', () => {
  it('sends the subscription key when there is one', async () => {
    const { http, requests } = fakeHttp(tcbAnswer());
    await createPcsClient({ baseUrl, http, subscriptionKey: 'abc' }).tcbInfo(FMSPC);
    expect(requests[0]?.headers).toEqual({ 'Ocp-Apim-Subscription-Key': 'abc' });
  });

  it('refuses an address that is none', () => {
    const { http } = fakeHttp({});
    expect(() => createPcsClient({ baseUrl: 'nowhere', http })).toThrow(
      expect.objectContaining({ code: 'PCS_UNREACHABLE', field: 'baseUrl' }),
    );
  });
});
