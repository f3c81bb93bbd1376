import { createVaultDirectory } from './vault-directory';

const directory = createVaultDirectory({
  names: ['local', 'second'],
  aliases: { 'Keys.example.test': 'second' },
});

describe('createVaultDirectory', () => {
  it.each([
    ['localhost:7020', 'local'],
    ['127.0.0.1:7020', 'local'],
    ['[::1]:7020', 'local'],
    ['key-vault', 'local'],
    ['local.vault.azure.net', 'local'],
    ['SECOND.vault.azure.net:443', 'second'],
    ['keys.example.test', 'second'],
  ])('finds the vault of %s', (host, vault) => {
    expect(directory.resolve(host)).toEqual({ vault, host: host.toLowerCase() });
  });

  it.each([
    undefined,
    '',
    'third.vault.azure.net',
    'vault.azure.net',
    'localhost.evil.test',
    'localhost:7020@evil.test',
    'localhost/evil',
    'localhost:port',
    'localhost:123456',
    'user@localhost',
    'local host',
    'constructor',
  ])('knows no vault at %j', (host) => {
    expect(() => directory.resolve(host)).toThrow(
      expect.objectContaining({ code: 'VAULT_UNKNOWN' }),
    );
  });

  it('names the hosts for a certificate', () => {
    expect(directory.dnsNames).toEqual([
      'localhost',
      'key-vault',
      'local.vault.azure.net',
      'second.vault.azure.net',
      'keys.example.test',
    ]);
  });
});
