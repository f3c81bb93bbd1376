import { fromUtf8 } from '@touchstone/bytes';
import type { HttpClient, HttpRequest } from '@touchstone/http-client';
import { attestation } from '@touchstone/wire';
import { createMaaClient } from './maa-client';

interface Answer {
  readonly status?: number;
  readonly body: unknown;
}

/** A service that always answers the same, and remembers what it was asked. */
function service(answer: Answer | Error): { http: HttpClient; asked: HttpRequest[] } {
  const asked: HttpRequest[] = [];
  const http: HttpClient = {
    request: async (request) => {
      asked.push(request);
      if (answer instanceof Error) throw answer;
      const text = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body);
      return {
        status: answer.status ?? 200,
        headers: { 'x-ms-request-id': 'r-1' },
        body: fromUtf8(text),
      };
    },
    close: async () => undefined,
  };
  return { http, asked };
}

const endpoint = 'https://localhost:7010/sharedeus2/';
const quote = Uint8Array.of(3, 0, 2, 0);

describe('attestSgx', () => {
  it('sends what the service reads, to the path below the provider', async () => {
    const { http, asked } = service({ body: { token: 'h.p.s' } });
    const runtimeData = { bytes: fromUtf8('{"keys":[]}'), dataType: 'JSON' } as const;
    const answer = await createMaaClient({ endpoint, http }).attestSgx({
      quote,
      runtimeData,
      nonce: 'n',
    });
    expect(answer).toEqual({ token: 'h.p.s', requestId: 'r-1' });
    expect(asked[0]?.url).toBe(
      'https://localhost:7010/sharedeus2/attest/SgxEnclave?api-version=2022-08-01',
    );
    const body: unknown = JSON.parse(String(asked[0]?.body));
    expect(attestation.decodeAttestRequest('SgxEnclave', '2022-08-01', body)).toEqual({
      evidence: quote,
      runtimeData,
      nonce: 'n',
    });
  });

  it('repeats a refusal as the wire said it', async () => {
    const { http } = service({
      status: 400,
      body: attestation.errorAnswer('InvalidParameter', 'no'),
    });
    await expect(createMaaClient({ endpoint, http }).attestSgx({ quote })).rejects.toMatchObject({
      code: 'MAA_REFUSED',
      refusal: { by: 'attestation', status: 400, code: 'InvalidParameter', requestId: 'r-1' },
    });
  });

  it.each<[string, string, Answer | Error]>([
    ['cannot be reached', 'MAA_UNAVAILABLE', new Error('no route')],
    ['fails itself', 'MAA_UNAVAILABLE', { status: 503, body: '' }],
    ['answers with no JSON', 'MAA_BAD_ANSWER', { body: '<html>' }],
    ['answers with no token', 'MAA_BAD_ANSWER', { body: { token: 'not a token' } }],
  ])('fails when the service %s', async (_what, code, answer) => {
    const { http } = service(answer);
    await expect(createMaaClient({ endpoint, http }).attestSgx({ quote })).rejects.toMatchObject({
      code,
    });
  });
});

describe('attestOpenEnclave', () => {
  it('sends the report under its own name', async () => {
    const { http, asked } = service({ body: { token: 'h.p.s' } });
    await createMaaClient({ endpoint, http }).attestOpenEnclave({ report: quote });
    expect(asked[0]?.url).toContain('/attest/OpenEnclave?');
    expect(JSON.parse(String(asked[0]?.body))).toEqual({ report: 'AwACAA' });
  });
});

describe('the public documents of a provider', () => {
  it('are its metadata', async () => {
    const { http } = service({ body: { issuer: 'i', jwks_uri: 'u', more: 1 } });
    expect(await createMaaClient({ endpoint, http }).metadata()).toEqual({
      issuer: 'i',
      jwksUri: 'u',
    });
  });

  it('are its keys, from its own address', async () => {
    const keys = [{ kty: 'RSA', kid: 'k', x5c: ['MII'] }];
    const { http, asked } = service({ body: { keys } });
    expect(await createMaaClient({ endpoint, http }).certs()).toEqual(keys);
    expect(asked[0]?.url).toBe('https://localhost:7010/sharedeus2/certs');
  });
});

describe('the tokens that a provider took back', () => {
  const METADATA = '/.well-known/touchstone-configuration';

  const reading = (answers: Readonly<Record<string, Answer>>) => {
    const http: HttpClient = {
      request: async ({ url }) => {
        const { status = 200, body } = answers[
          new URL(url).pathname.replace('/sharedeus2', '')
        ] ?? {
          status: 500,
          body: '',
        };
        return { status, headers: {}, body: fromUtf8(JSON.stringify(body)) };
      },
      close: async () => undefined,
    };
    return createMaaClient({ endpoint, http }).revoked();
  };
  const named = {
    [METADATA]: {
      body: { revocation_list_uri: 'https://localhost:7010/sharedeus2/revocations' },
    },
  };

  it('are in its list', async () => {
    const answers = { ...named, '/revocations': { body: { revoked: ['a'] } } };
    expect(await reading(answers)).toEqual(new Set(['a']));
  });

  it.each([404, 401])('are nowhere when it answers %i', async (status) => {
    expect(await reading({ [METADATA]: { status, body: {} } })).toBeUndefined();
  });

  it.each<[string, string, Readonly<Record<string, Answer>>]>([
    ['does not say', 'MAA_UNAVAILABLE', {}],
    ['asks for patience', 'MAA_REFUSED', { [METADATA]: { status: 429, body: {} } }],
    ['has a list that is gone', 'MAA_UNAVAILABLE', named],
    ['has a list that is none', 'MAA_BAD_ANSWER', { ...named, '/revocations': { body: [] } }],
    [
      'names a list elsewhere',
      'MAA_BAD_ANSWER',
      { [METADATA]: { body: { revocation_list_uri: 'https://evil.example/revocations' } } },
    ],
  ])('are unknown when it %s', async (_name, code, answers) => {
    await expect(reading(answers)).rejects.toMatchObject({ code });
  });
});

describe('createMaaClient', () => {
  it.each(['http://localhost:7010', 'nonsense', 'https://a.test/?x=1'])(
    'refuses the endpoint %s',
    (bad) => {
      const { http } = service({ body: {} });
      expect(() => createMaaClient({ endpoint: bad, http })).toThrow(
        expect.objectContaining({ code: 'MAA_ENDPOINT_INVALID' }),
      );
    },
  );
});
