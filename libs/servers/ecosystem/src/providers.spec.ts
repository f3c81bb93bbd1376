import { fromUtf8 } from '@touchstone/bytes';
import type { HttpClient, HttpRequest } from '@touchstone/http-client';
import type { Endpoints } from './endpoints';
import { createProviders } from './providers';

const endpoints: Endpoints = {
  ca: '',
  services: { 'attestation-service': 'https://localhost:7010' },
  tenant: '',
  client: { id: '', secret: '' },
  operatorToken: 'opens',
  simulatedRoot: '',
};

/** Answers in turn, the last one again and again. */
function aWorld(...answers: readonly (readonly [number, string])[]) {
  const asked: HttpRequest[] = [];
  const http: HttpClient = {
    request: async (request) => {
      const [status, text] = answers[Math.min(asked.length, answers.length - 1)] ?? [500, ''];
      asked.push(request);
      return { status, headers: {}, body: fromUtf8(text) };
    },
    close: async () => undefined,
  };
  return { asked, providers: createProviders(endpoints, http, async () => undefined) };
}

describe('createProviders', () => {
  it('asks as the operator', async () => {
    const { asked, providers } = aWorld([201, '{"name":"contoso"}']);
    await providers.create({ name: 'contoso', location: 'eastus2' });
    expect(asked).toEqual([
      expect.objectContaining({
        method: 'POST',
        url: 'https://localhost:7010/operator/providers',
        headers: expect.objectContaining({ authorization: 'Bearer opens' }),
        body: '{"name":"contoso","location":"eastus2"}',
      }),
    ]);
  });

  it('keeps a name within its segment', async () => {
    const { asked, providers } = aWorld([204, '']);
    await providers.delete('../decisions');
    expect(asked[0]?.url).toBe('https://localhost:7010/operator/providers/..%2Fdecisions');
  });

  it('waits until a provider is ready', async () => {
    const { asked, providers } = aWorld(
      [200, '{"status":"NotReady"}'],
      [200, '{"status":"Ready"}'],
    );
    expect(await providers.ready('contoso')).toEqual({ status: 'Ready' });
    expect(asked).toHaveLength(2);
  });

  it('does not wait for ever', async () => {
    const { providers } = aWorld([200, '{"status":"NotReady"}']);
    await expect(providers.ready('contoso')).rejects.toMatchObject({ code: 'PROVIDER_NOT_READY' });
  });

  it.each([
    [
      'in the service’s words',
      409,
      '{"error":{"message":"The name is taken."}}',
      'The name is taken.',
    ],
    ['by its status', 401, '', 'the attestation service answered 401'],
  ])('tells a refusal %s', async (_name, status, text, message) => {
    await expect(aWorld([status, text]).providers.list()).rejects.toMatchObject({
      code: 'PROVIDER_REFUSED',
      message,
    });
  });
});
