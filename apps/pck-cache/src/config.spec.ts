import { loadConfig } from './config';

describe('loadConfig', () => {
  it('has a default for everything, and trusts Intel’s own service', () => {
    const config = loadConfig({});
    expect(config).toMatchObject({ port: 8081, mode: 'LAZY', refreshSeconds: 86_400 });
    expect(config).not.toHaveProperty('upstreamUrl');
  });

  it('reads what is set', () => {
    const config = loadConfig({
      PCK_CACHE_PORT: '0',
      PCK_CACHE_UPSTREAM_URL: 'https://localhost:7030/',
      PCK_CACHE_ROOT_CRL_URL: 'https://localhost:7030/IntelSGXRootCA.der',
      PCK_CACHE_API_KEY: 'key',
      PCK_CACHE_FILL_MODE: 'OFFLINE',
      PCK_CACHE_REFRESH_SECONDS: '60',
      PCK_CACHE_ADMIN_TOKEN_HASH: 'AB'.repeat(64),
      PCK_CACHE_DNS_NAMES: 'cache.example',
    });
    expect(config).toMatchObject({
      port: 0,
      upstreamUrl: 'https://localhost:7030',
      rootCrlUrl: 'https://localhost:7030/IntelSGXRootCA.der',
      subscriptionKey: 'key',
      mode: 'OFFLINE',
      refreshSeconds: 60,
      adminTokenHash: 'ab'.repeat(64),
      dnsNames: ['cache.example'],
    });
  });

  it('tells every problem at once', () => {
    const load = () =>
      loadConfig({
        PCK_CACHE_ADMIN_TOKEN_HASH: 'abcd',
        PCK_CACHE_FILL_MODE: 'EAGER',
        PCK_CACHE_UPSTREAM_URL: 'nowhere',
      });
    expect(load).toThrow(
      expect.objectContaining({
        code: 'CONFIG_INVALID',
        field: 'PCK_CACHE_ADMIN_TOKEN_HASH,PCK_CACHE_UPSTREAM_URL,PCK_CACHE_FILL_MODE',
      }),
    );
  });
});
