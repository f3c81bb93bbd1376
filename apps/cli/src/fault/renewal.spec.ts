import { CodedError } from '@touchstone/errors';
import type { HttpRequest } from '@touchstone/http-client';
import { renewEverywhere } from './renewal';

/** Parties that answer as they are told, and remember what they were asked. */
function parties(answers: Readonly<Record<string, { status: number; body: string }>> = {}) {
  const asked: HttpRequest[] = [];
  let renewed = 0;
  return {
    asked,
    renewed: () => renewed,
    tools: {
      endpoints: {
        services: { 'pck-cache': 'https://cache', 'attestation-service': 'https://maa' },
        operatorToken: 'opens',
      },
      http: {
        request: async (request: HttpRequest) => {
          asked.push(request);
          const { status, body } = answers[request.url] ?? { status: 200, body: '' };
          return { status, headers: {}, body: Buffer.from(body) };
        },
      },
      host: {
        renewPckCertificate: async () => {
          renewed += 1;
          throw new CodedError('HOST_PCK_UNAVAILABLE', 'no certificate');
        },
      },
    },
  };
}

describe('renewEverywhere', () => {
  it('asks from the source on, each party with its own credential', async () => {
    const { tools, asked, renewed } = parties();
    await renewEverywhere(tools);
    expect(asked.map(({ method, url, headers }) => [method, url, headers])).toEqual([
      ['POST', 'https://cache/sgx/certification/v4/refresh', { 'admin-token': 'opens' }],
      ['POST', 'https://cache/sgx/certification/v4/refresh?type=certs', { 'admin-token': 'opens' }],
      ['POST', 'https://maa/operator/collateral/forget', { authorization: 'Bearer opens' }],
    ]);
    expect(renewed()).toBe(1);
  });

  it('goes on past a party that keeps what it has, and tells why', async () => {
    const { tools } = parties({
      'https://cache/sgx/certification/v4/refresh': { status: 502, body: 'no upstream\n' },
    });
    expect(await renewEverywhere(tools)).toEqual([
      { party: 'pck-cache', what: 'collateral', renewed: false, detail: '502 no upstream' },
      { party: 'pck-cache', what: 'PCK certificates', renewed: true },
      { party: 'enclave-host', what: 'PCK certificate', renewed: false, detail: 'no certificate' },
      { party: 'attestation-service', what: 'collateral', renewed: true },
    ]);
  });

  it('does not take a defect of ours for an answer', async () => {
    const { tools } = parties();
    const broken = { request: () => Promise.reject(new TypeError('ours')) };
    await expect(renewEverywhere({ ...tools, http: broken })).rejects.toThrow(TypeError);
  });
});
