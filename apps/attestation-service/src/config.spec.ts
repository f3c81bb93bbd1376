import { ConfigError } from '@touchstone/runtime';
import { loadConfig } from './config';

describe('loadConfig', () => {
  it('has a default for everything', () => {
    expect(loadConfig({})).toMatchObject({
      port: 7010,
      host: '127.0.0.1',
      pckCacheUrl: 'https://localhost:8081',
      publicOrigins: [],
      identity: {
        authority: 'https://localhost:7001',
        tenant: '7d3e5e3a-6a55-4a3a-9f3c-0d0c1b5b7a10',
      },
      allowDevelopmentCredentials: false,
      baseline: 'azuredefault',
      collateralRefreshMs: 3_600_000,
    });
  });

  it('trusts no simulator unless told to', () => {
    expect(loadConfig({})).not.toHaveProperty('simulatedRootFile');
    expect(loadConfig({ TOUCHSTONE_SIMULATED_ROOT: 'root.pem' }).simulatedRootFile).toBe(
      'root.pem',
    );
  });

  it('takes roles that Azure has', () => {
    const text = '{"oid":["Attestation Reader"]}';
    expect(loadConfig({ ATTESTATION_SERVICE_ROLE_ASSIGNMENTS: text }).roleAssignments).toEqual({
      oid: ['Attestation Reader'],
    });
  });

  it('says everything that is wrong at once', () => {
    let caught: unknown;
    try {
      loadConfig({
        ATTESTATION_SERVICE_PORT: '70000',
        ATTESTATION_SERVICE_PCK_CACHE_URL: 'cache',
        ATTESTATION_SERVICE_PUBLIC_ORIGINS: 'https://a:1,https://b/path',
        ATTESTATION_SERVICE_BASELINE: 'lenient',
        ATTESTATION_SERVICE_IDENTITY_URL: 'identity',
        ATTESTATION_SERVICE_ROLE_ASSIGNMENTS: '{"oid":["King"]}',
        ATTESTATION_SERVICE_COLLATERAL_REFRESH_SECONDS: '0',
      });
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeInstanceOf(ConfigError);
    expect((caught as ConfigError).problems.map(({ name }) => name).sort()).toEqual([
      'ATTESTATION_SERVICE_BASELINE',
      'ATTESTATION_SERVICE_COLLATERAL_REFRESH_SECONDS',
      'ATTESTATION_SERVICE_IDENTITY_URL',
      'ATTESTATION_SERVICE_PCK_CACHE_URL',
      'ATTESTATION_SERVICE_PORT',
      'ATTESTATION_SERVICE_PUBLIC_ORIGINS',
      'ATTESTATION_SERVICE_ROLE_ASSIGNMENTS',
    ]);
  });
});
