import { hasCode } from '@touchstone/errors';
import { createProviderDirectory, DEFAULT_PROVIDERS } from './providers';

const directory = createProviderDirectory({
  providers: DEFAULT_PROVIDERS,
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
      'a path without more',
      '127.0.0.1:7010',
      '/shareduks',
      'https://127.0.0.1:7010/shareduks',
      '/',
    ],
  ])('knows %s', (_name, authority, path, issuer, rest) => {
    expect(directory.locate({ authority, path })).toMatchObject({ issuer, path: rest });
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
    ['an unknown provider', 'localhost:7010', '/contoso/certs', 'ATTESTATION_UNKNOWN_PROVIDER'],
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
  ])('refuses %s', (_name, authority, path, code) => {
    let caught: unknown;
    try {
      directory.locate({ authority, path });
    } catch (error) {
      caught = error;
    }
    expect(hasCode(caught) && caught.code).toBe(code);
  });
});
