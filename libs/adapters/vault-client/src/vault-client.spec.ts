import { fromUtf8, toBase64Url } from '@touchstone/bytes';
import { createVaultClient } from './vault-client';
import type { HttpPort } from './vault-client';

const bundle = {
  key: { kid: 'https://v.test/keys/k/1', kty: 'oct-HSM' },
  attributes: { enabled: true },
};
const payload = {
  response: { key: { key: { kid: 'https://v.test/keys/k/1', kty: 'oct-HSM', key_hsm: 'e30' } } },
};
const part = (value: unknown) => toBase64Url(fromUtf8(JSON.stringify(value)));
const jws = `${part({ alg: 'RS256' })}.${part(payload)}.AAAA`;

function aClient(status: number, answer: unknown) {
  const asked: Parameters<HttpPort['request']>[0][] = [];
  const http: HttpPort = {
    request: async (request) => {
      asked.push(request);
      const body = fromUtf8(typeof answer === 'string' ? answer : JSON.stringify(answer));
      return { status, headers: { 'x-ms-request-id': 'r1' }, body };
    },
  };
  return {
    asked,
    client: createVaultClient({ vaultUrl: 'https://v.test', http, token: async () => 'bearer' }),
  };
}

describe('createVaultClient', () => {
  it('releases a key', async () => {
    const { client, asked } = aClient(200, { value: jws });
    expect(
      await client.releaseKey('k', 'a.b.c', { enc: 'RSA_AES_KEY_WRAP_384', nonce: 'n' }),
    ).toEqual({
      jws,
      keyHsm: 'e30',
      kid: 'https://v.test/keys/k/1',
      requestId: 'r1',
    });
    expect(asked).toEqual([
      expect.objectContaining({
        method: 'POST',
        url: 'https://v.test/keys/k/release?api-version=7.4',
        headers: {
          accept: 'application/json',
          authorization: 'Bearer bearer',
          'content-type': 'application/json',
        },
        body: '{"target":"a.b.c","enc":"RSA_AES_KEY_WRAP_384","nonce":"n"}',
      }),
    ]);
  });

  it('gets and imports keys', async () => {
    const { client, asked } = aClient(200, bundle);
    expect(await client.getKey('k', '1')).toMatchObject(bundle);
    await client.importKey('k', { Hsm: true });
    expect(asked.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'GET https://v.test/keys/k/1?api-version=7.4',
      'PUT https://v.test/keys/k?api-version=7.4',
    ]);
  });

  it('tells how the vault refused', async () => {
    const error = { code: 'Forbidden', message: 'no', innererror: { code: 'KeyDisabled' } };
    await expect(aClient(403, { error }).client.releaseKey('k', 't')).rejects.toMatchObject({
      code: 'VAULT_REFUSED',
      refusal: {
        status: 403,
        code: 'Forbidden',
        innerCode: 'KeyDisabled',
        message: 'no',
        requestId: 'r1',
      },
    });
  });

  it.each([
    [200, 'x'],
    [200, {}],
    [200, { value: 'a.b' }],
    [200, { value: 'a.b.c' }],
    [502, '<html>'],
    [500, { error: 'x' }],
  ])('refuses the answer %i %j', async (status, answer) => {
    await expect(aClient(status, answer).client.releaseKey('k', 't')).rejects.toMatchObject({
      code: 'VAULT_ANSWER_INVALID',
    });
  });
});
