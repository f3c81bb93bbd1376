import { fromUtf8 } from '@touchstone/bytes';
import { createEntraClient } from './entra-client';
import type { HttpPort } from './http-port';

const SCOPE = 'https://vault.azure.net/.default';
let now = 0;
const clock = { now: () => new Date(now) };

function aClient(answer: () => { status: number; body: string }) {
  const asked: Parameters<HttpPort['request']>[0][] = [];
  const http: HttpPort = {
    request: async (request) => {
      asked.push(request);
      const { status, body } = answer();
      return { status, body: fromUtf8(body) };
    },
  };
  const entra = createEntraClient({
    authority: 'https://login.example',
    tenant: 'tenant',
    clientId: 'client',
    secret: 'p&ss=word',
    http,
    clock,
  });
  return { entra, asked };
}

const granted = (token = 'a.b.c', expires_in = 3_600) => ({
  status: 200,
  body: JSON.stringify({ access_token: token, token_type: 'Bearer', expires_in }),
});

beforeEach(() => {
  now = Date.UTC(2026, 0, 1);
});

describe('token', () => {
  it('asks the v2 endpoint with the secret in the body', async () => {
    const { entra, asked } = aClient(granted);
    expect(await entra.token(SCOPE)).toBe('a.b.c');
    expect(asked[0]).toMatchObject({
      method: 'POST',
      url: 'https://login.example/tenant/oauth2/v2.0/token',
    });
    expect(Object.fromEntries(new URLSearchParams(asked[0]?.body))).toEqual({
      grant_type: 'client_credentials',
      client_id: 'client',
      client_secret: 'p&ss=word',
      scope: SCOPE,
    });
  });

  it('asks once while the token is fresh, also when asked at once', async () => {
    const { entra, asked } = aClient(granted);
    await Promise.all([entra.token(SCOPE), entra.token(SCOPE)]);
    now += 3_299_000;
    await entra.token(SCOPE);
    expect(asked).toHaveLength(1);
    await entra.token('https://attest.azure.net/.default');
    expect(asked).toHaveLength(2);
  });

  it('asks again before the token ends', async () => {
    const { entra, asked } = aClient(granted);
    await entra.token(SCOPE);
    now += 3_301_000;
    await entra.token(SCOPE);
    expect(asked).toHaveLength(2);
  });

  it('does not keep a refusal', async () => {
    let first = true;
    const { entra } = aClient(() => {
      if (!first) return granted();
      first = false;
      return { status: 401, body: '{"error":"invalid_client","error_codes":[7000215]}' };
    });
    await expect(entra.token(SCOPE)).rejects.toMatchObject({
      code: 'ENTRA_TOKEN_REFUSED',
      field: 'AADSTS7000215',
    });
    expect(await entra.token(SCOPE)).toBe('a.b.c');
  });

  it.each(['', '[]', 'null', '{"access_token":1}', '<html>'])(
    'refuses the answer %j',
    async (body) => {
      const { entra } = aClient(() => ({ status: 200, body }));
      await expect(entra.token(SCOPE)).rejects.toMatchObject({ code: 'ENTRA_ANSWER_INVALID' });
    },
  );
});
