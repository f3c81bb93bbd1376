import { loadConfig } from './config';

const KEY = Buffer.alloc(64, 1).toString('base64');

describe('the configuration of the storage account', () => {
  it('needs the key of the account, and has defaults for the rest', () => {
    expect(loadConfig({ STORAGE_ACCOUNT_KEY: KEY })).toMatchObject({
      port: 10000,
      accountKey: KEY,
      dnsNames: [],
    });
  });

  it.each(['', 'short', `${KEY}!`])('refuses the key %j, without repeating it', (key) => {
    expect(() => loadConfig({ STORAGE_ACCOUNT_KEY: key })).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID' }),
    );
  });
});
