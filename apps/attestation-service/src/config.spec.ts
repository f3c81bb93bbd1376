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
      collateralRules: {},
      previewTokens: 'json',
      collateralRefreshMs: 3_600_000,
    });
  });

  it('trusts no simulator unless told to', () => {
    expect(loadConfig({})).not.toHaveProperty('simulatedRootFile');
    expect(loadConfig({ TOUCHSTONE_SIMULATED_ROOT: 'root.pem' }).simulatedRootFile).toBe(
      'root.pem',
    );
  });

  it.each<[string, string | number]>([
    ['standard', 'standard'],
    ['early', 'early'],
    ['19', 19],
  ])('takes the minimum evaluation %s', (text, minimumEvaluation) => {
    expect(loadConfig({ ATTESTATION_SERVICE_MINIMUM_EVALUATION: text }).collateralRules).toEqual({
      minimumEvaluation,
    });
  });

  it.each(['Standard', '0', '-1', '1.5', '1e3', '017', '9999999999', 'latest'])(
    'names the variable of the minimum evaluation %s',
    (text) => {
      expect(() => loadConfig({ ATTESTATION_SERVICE_MINIMUM_EVALUATION: text })).toThrow(
        /ATTESTATION_SERVICE_MINIMUM_EVALUATION must be standard, early or a whole number/,
      );
    },
  );

  it('takes a maximum age of collateral', () => {
    const env = { ATTESTATION_SERVICE_COLLATERAL_MAXIMUM_AGE_SECONDS: '86400' };
    expect(loadConfig(env).collateralRules).toEqual({ maximumAgeMs: 86_400_000 });
  });

  it('knows no machine for enclaves unless told of one', () => {
    expect(loadConfig({})).not.toHaveProperty('enclaveHostUrl');
    const url = 'https://localhost:5000';
    expect(loadConfig({ ATTESTATION_SERVICE_ENCLAVE_HOST_URL: url }).enclaveHostUrl).toBe(url);
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
        ATTESTATION_SERVICE_COLLATERAL_MAXIMUM_AGE_SECONDS: '0',
        ATTESTATION_SERVICE_COLLATERAL_REFRESH_SECONDS: '0',
      });
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeInstanceOf(ConfigError);
    expect((caught as ConfigError).problems.map(({ name }) => name).sort()).toEqual([
      'ATTESTATION_SERVICE_BASELINE',
      'ATTESTATION_SERVICE_COLLATERAL_MAXIMUM_AGE_SECONDS',
      'ATTESTATION_SERVICE_COLLATERAL_REFRESH_SECONDS',
      'ATTESTATION_SERVICE_IDENTITY_URL',
      'ATTESTATION_SERVICE_PCK_CACHE_URL',
      'ATTESTATION_SERVICE_PORT',
      'ATTESTATION_SERVICE_PUBLIC_ORIGINS',
      'ATTESTATION_SERVICE_ROLE_ASSIGNMENTS',
    ]);
  });
});
