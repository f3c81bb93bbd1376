import { ConfigError } from '@touchstone/runtime';
import { loadConfig } from './config';

describe('loadConfig', () => {
  it('has a default for everything', () => {
    expect(loadConfig({}, '/dist/apps/enclave-host')).toMatchObject({
      port: 5000,
      operatorPort: 5001,
      model: 'simulated-e3',
      intelPcs: { url: 'https://localhost:7030' },
      pckCacheUrl: 'https://localhost:8081',
      attestationUrls: [
        'https://localhost:7010/sharedeus2',
        'https://localhost:7010/sharedcus',
        'https://localhost:7010/shareduks',
      ],
      vaultUrls: ['https://localhost:7020'],
      storageUrls: [],
      identity: { authority: 'https://localhost:7001' },
      enclavesFolder: '/dist/enclaves',
    });
  });

  it('serves the guide’s clients when it is told to', () => {
    expect(loadConfig({ ENCLAVE_HOST_SECRET_SHARING: 'azure' }).secretSharing).toEqual({
      variant: 'azure',
      plaintext: false,
    });
    const env = {
      ENCLAVE_HOST_SECRET_SHARING: 'remote',
      ENCLAVE_HOST_SECRET_SHARING_PLAINTEXT: '1',
      ENCLAVE_HOST_SECRET_SHARING_CONFIGURATION: '/nowhere/sharing.json',
    };
    expect(() => loadConfig(env)).toThrow(
      expect.objectContaining({ field: 'ENCLAVE_HOST_SECRET_SHARING_CONFIGURATION' }),
    );
    expect(loadConfig({}).secretSharing).toBeUndefined();
  });

  it('says everything that is wrong at once', () => {
    let caught: unknown;
    try {
      loadConfig({
        ENCLAVE_HOST_PORT: '-1',
        ENCLAVE_HOST_ATTESTATION_URLS: 'https://a,http://b',
        ENCLAVE_HOST_VAULT_URLS: ',',
        ENCLAVE_HOST_PCK_CACHE_URL: 'cache',
        TOUCHSTONE_SEED: 'xyz',
      });
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeInstanceOf(ConfigError);
    expect((caught as ConfigError).problems.map(({ name }) => name).sort()).toEqual([
      'ENCLAVE_HOST_ATTESTATION_URLS',
      'ENCLAVE_HOST_PCK_CACHE_URL',
      'ENCLAVE_HOST_PORT',
      'ENCLAVE_HOST_VAULT_URLS',
      'TOUCHSTONE_SEED',
    ]);
  });
});
