import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fromUtf8 } from '@touchstone/bytes';
import type { HttpClient } from '@touchstone/http-client';
import type { Endpoints } from '@touchstone/server-ecosystem';
import { azureNames, chooseAuthority, type AuthorityChoice } from './choose-authority';

const LOCAL = 'https://localhost:7010';
const endpoints = { services: { 'attestation-service': LOCAL } } as unknown as Endpoints;
const key = { kty: 'RSA', kid: 'k', x5c: ['AA'] };

function asked() {
  const urls: string[] = [];
  const http: HttpClient = {
    request: async ({ url }) => {
      urls.push(url);
      return { status: 200, headers: {}, body: fromUtf8(JSON.stringify({ keys: [key] })) };
    },
    close: async () => undefined,
  };
  return { urls, http };
}

async function keysFor(choice: AuthorityChoice, claims: object) {
  const { http, urls } = asked();
  const keys = await chooseAuthority(choice, http)({ ...claims }).keys();
  return { keys, urls };
}

describe('chooseAuthority', () => {
  it('asks the issuer that is named, whatever the token says', async () => {
    const claims = { iss: 'https://evil.example', jku: 'https://evil.example/certs' };
    const { urls, keys } = await keysFor({ issuer: 'https://p.example/', endpoints }, claims);
    expect(urls).toEqual(['https://p.example/certs']);
    expect(keys).toEqual([key]);
  });

  it('asks a provider of the ecosystem that runs here when nobody is named', async () => {
    const { urls } = await keysFor({ endpoints }, { iss: `${LOCAL}/sharedeus2` });
    expect(urls).toEqual([`${LOCAL}/sharedeus2/certs`]);
  });

  it.each([
    ['nothing runs here', {}, `${LOCAL}/p`],
    ['another issued it', { endpoints }, 'https://evil.example/p'],
    ['its host only begins like ours', { endpoints }, `${LOCAL}.evil.example/p`],
    ['it names no issuer', { endpoints }, undefined],
    ['the issuer is no https address', { issuer: 'http://p.example' }, 'http://p.example'],
  ])('asks nobody when %s', (_name, choice, iss) => {
    const { http, urls } = asked();
    expect(() => chooseAuthority(choice, http)({ iss })).toThrow(
      expect.objectContaining({ code: 'TOKEN_AUTHORITY_UNNAMED' }),
    );
    expect(urls).toEqual([]);
  });

  describe('with a file', () => {
    let folder: string;

    beforeAll(async () => {
      folder = await mkdtemp(path.join(tmpdir(), 'touchstone-keys-'));
    });

    afterAll(() => rm(folder, { recursive: true, force: true }));

    it.each([
      ['a key set', JSON.stringify({ keys: [key, 'text', { kid: 'x' }] }), undefined],
      ['no JSON', 'text', 'TOKEN_KEYS_UNREADABLE'],
      ['no keys', '{}', 'TOKEN_KEYS_UNREADABLE'],
    ])('that holds %s asks nobody', async (_name, content, code) => {
      const jwks = path.join(folder, 'jwks.json');
      await writeFile(jwks, content);
      const reading = keysFor({ jwks, endpoints }, { iss: `${LOCAL}/p` });
      if (code === undefined) expect(await reading).toEqual({ keys: [key], urls: [] });
      else await expect(reading).rejects.toMatchObject({ code });
    });

    it('that is not there has no keys', async () => {
      await expect(keysFor({ jwks: path.join(folder, 'none') }, {})).rejects.toMatchObject({
        code: 'TOKEN_KEYS_UNREADABLE',
      });
    });
  });
});

describe('azureNames', () => {
  it.each([
    [
      'https://sharedeus2.eus2.attest.azure.net',
      { 'https://sharedeus2.eus2.attest.azure.net': LOCAL },
    ],
    ['https://p.example', {}],
    ['https://attest.azure.net.evil.example', {}],
    ['text', {}],
  ])('leads %s to the ecosystem, or not', (issuer, map) => {
    expect(azureNames({ issuer, endpoints })).toEqual(map);
  });
});
