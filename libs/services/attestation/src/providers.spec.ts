import { hasCode } from '@touchstone/errors';
import type { AttestationProviderRecord } from '@touchstone/ports';
import { createProviderDirectory, DEFAULT_PROVIDERS } from './providers';

const record = {
  id: '1',
  name: 'contoso',
  region: 'eastus2',
  trustModel: 'AAD',
  state: 'Ready',
  signers: [],
  policies: {},
  createdAt: new Date(0),
  revision: 0,
} as const;
const RECORDS = new Map<string, AttestationProviderRecord>([
  ['contoso', record],
  ['unborn', { ...record, name: 'unborn', state: 'NotReady' }],
]);

const directory = createProviderDirectory({
  providers: DEFAULT_PROVIDERS,
  find: async (name) => RECORDS.get(name),
  plainOrigins: () => ['https://localhost:7010', 'https://127.0.0.1:7010'],
});

describe('createProviderDirectory', () => {
  it.each([
    [
      'a canonical host',
      'sharedeus2.eus2.attest.azure.net',
      '/certs',
      'https://sharedeus2.eus2.attest.azure.net',
      '/certs',
    ],
    [
      'a canonical host with its port',
      'sharedcus.cus.attest.azure.net:443',
      '/',
      'https://sharedcus.cus.attest.azure.net',
      '/',
    ],
    [
      'a canonical host in capitals',
      'SHAREDUKS.UKS.ATTEST.AZURE.NET',
      '/',
      'https://shareduks.uks.attest.azure.net',
      '/',
    ],
    [
      'a path',
      'localhost:7010',
      '/sharedeus2/certs',
      'https://localhost:7010/sharedeus2',
      '/certs',
    ],
    [
      'a provider that somebody made, by host',
      'contoso.eus2.attest.azure.net',
      '/certs',
      'https://contoso.eus2.attest.azure.net',
      '/certs',
    ],
    [
      'a provider that somebody made, by path',
      'localhost:7010',
      '/contoso/certs',
      'https://localhost:7010/contoso',
      '/certs',
    ],
    [
      'a path without more',
      '127.0.0.1:7010',
      '/shareduks',
      'https://127.0.0.1:7010/shareduks',
      '/',
    ],
  ])('knows %s', async (_name, authority, path, issuer, rest) => {
    expect(await directory.locate({ authority, path })).toMatchObject({ issuer, path: rest });
  });

  it.each([
    ['a foreign host', 'evil.example', '/sharedeus2/certs', 'ATTESTATION_UNKNOWN_HOST'],
    [
      'a canonical host on another port',
      'sharedeus2.eus2.attest.azure.net:7010',
      '/certs',
      'ATTESTATION_UNKNOWN_HOST',
    ],
    ['no host', undefined, '/certs', 'ATTESTATION_UNKNOWN_HOST'],
    [
      'a plain origin on another port',
      'localhost:443',
      '/sharedeus2/certs',
      'ATTESTATION_UNKNOWN_HOST',
    ],
    ['a provider that is not ready', 'localhost:7010', '/unborn', 'ATTESTATION_UNKNOWN_PROVIDER'],
    [
      'a provider under another region',
      'contoso.uks.attest.azure.net',
      '/',
      'ATTESTATION_UNKNOWN_HOST',
    ],
    ['an unknown provider', 'localhost:7010', '/fabrikam/certs', 'ATTESTATION_UNKNOWN_PROVIDER'],
    [
      'a provider in capitals',
      'localhost:7010',
      '/SharedEus2/certs',
      'ATTESTATION_UNKNOWN_PROVIDER',
    ],
    ['no provider', 'localhost:7010', '/', 'ATTESTATION_UNKNOWN_PROVIDER'],
    [
      'a member of every object',
      'localhost:7010',
      '/constructor/certs',
      'ATTESTATION_UNKNOWN_PROVIDER',
    ],
  ])('refuses %s', async (_name, authority, path, code) => {
    let caught: unknown;
    try {
      await directory.locate({ authority, path });
    } catch (error) {
      caught = error;
    }
    expect(hasCode(caught) && caught.code).toBe(code);
  });
});
