import { ConfigError } from '@touchstone/runtime';
import { loadConfig } from './config';

describe('loadConfig', () => {
  it('has a default for everything', () => {
    expect(loadConfig({})).toMatchObject({
      port: 7020,
      host: '127.0.0.1',
      identity: {
        authority: 'https://localhost:7001',
        tenant: '7d3e5e3a-6a55-4a3a-9f3c-0d0c1b5b7a10',
      },
      vaultNames: ['local'],
      vaultAliases: {},
      extraAudiences: [],
      allowDevelopmentCredentials: false,
    });
    expect(loadConfig({})).not.toHaveProperty('roleAssignments');
  });

  it('reads vaults and roles', () => {
    expect(
      loadConfig({
        KEY_VAULT_NAMES: 'alpha,beta',
        KEY_VAULT_ALIASES: '{"keys.example.test":"beta"}',
        KEY_VAULT_ROLE_ASSIGNMENTS: '{"o1":["Key Vault Reader"]}',
      }),
    ).toMatchObject({
      vaultNames: ['alpha', 'beta'],
      vaultAliases: { 'keys.example.test': 'beta' },
      roleAssignments: { o1: ['Key Vault Reader'] },
    });
  });

  it('says everything that is wrong at once', () => {
    let caught: unknown;
    try {
      loadConfig({
        KEY_VAULT_PORT: '70000',
        KEY_VAULT_IDENTITY_URL: 'identity',
        KEY_VAULT_NAMES: 'No_Name',
        KEY_VAULT_ALIASES: '{"a.test":"other"}',
        KEY_VAULT_ROLE_ASSIGNMENTS: '{"o1":["Key Vault Emperor"]}',
        TOUCHSTONE_ALLOW_DEVELOPMENT_CREDENTIALS: 'maybe',
      });
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeInstanceOf(ConfigError);
    expect((caught as ConfigError).problems.map(({ name }) => name).sort()).toEqual([
      'KEY_VAULT_ALIASES',
      'KEY_VAULT_IDENTITY_URL',
      'KEY_VAULT_NAMES',
      'KEY_VAULT_PORT',
      'KEY_VAULT_ROLE_ASSIGNMENTS',
      'TOUCHSTONE_ALLOW_DEVELOPMENT_CREDENTIALS',
    ]);
  });
});
