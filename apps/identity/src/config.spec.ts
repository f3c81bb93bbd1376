import path from 'node:path';
import { loadConfig } from './config';

const TENANT = {
  id: '11111111-2222-4333-8444-555555555555',
  domains: ['contoso.example'],
  applications: [
    {
      clientId: '66666666-7777-4888-9999-aaaaaaaaaaaa',
      secrets: ['s'],
      objectId: 'bbbbbbbb-cccc-4ddd-8eee-ffffffffffff',
      roles: ['Reader'],
    },
  ],
};

describe('loadConfig', () => {
  it('has defaults for everything', () => {
    const home = path.resolve('.touchstone');
    expect(loadConfig({})).toEqual({
      home,
      host: '127.0.0.1',
      logLevel: 'info',
      originMap: {},
      port: 7001,
      tlsFolder: path.join(home, 'tls'),
      tenants: [],
      resources: [],
      names: [],
      origins: [],
      allowDevelopmentCredentials: false,
    });
  });

  it('reads tenants', () => {
    expect(loadConfig({ IDENTITY_TENANTS: JSON.stringify([TENANT]) }).tenants).toEqual([TENANT]);
  });

  it('names everything that is wrong, at once', () => {
    const wrong = {
      IDENTITY_PORT: '70000',
      IDENTITY_TENANTS: '[{"id":1}]',
      TOUCHSTONE_NOW: 'yesterday',
      TOUCHSTONE_ALLOW_DEVELOPMENT_CREDENTIALS: 'maybe',
    };
    let caught: unknown;
    try {
      loadConfig(wrong);
    } catch (error) {
      caught = error;
    }
    expect(caught).toMatchObject({ code: 'CONFIG_INVALID' });
    for (const name of Object.keys(wrong)) expect(String(caught)).toContain(name);
  });
});
