import { loadConfig } from './config';

describe('loadConfig', () => {
  it('has a default for everything', () => {
    expect(loadConfig([], { INIT_CWD: '/work' })).toMatchObject({
      home: '/work/.touchstone',
      host: '127.0.0.1',
      ports: 'local',
    });
  });

  it('lets arguments go before the environment', () => {
    const args = ['--home', '/elsewhere', '--ports', 'ephemeral', '--seed', 'AB01'];
    expect(loadConfig(args, { TOUCHSTONE_HOME: '/state', TOUCHSTONE_SEED: '00' })).toMatchObject({
      home: '/elsewhere',
      ports: 'ephemeral',
      seed: 'ab01',
    });
  });

  it('hands the settings of the guide’s service on', () => {
    const env = {
      ENCLAVE_HOST_SECRET_SHARING: 'remote',
      ENCLAVE_HOST_SECRET_SHARING_PLAINTEXT: '1',
    };
    expect(loadConfig([], env).secretSharing).toEqual({ variant: 'remote', plaintext: true });
  });

  it('tells every problem at once', () => {
    expect(() => loadConfig(['--ports', 'some', '--seed', 'x'], {})).toThrow(
      expect.objectContaining({
        code: 'CONFIG_INVALID',
        field: 'TOUCHSTONE_SEED,TOUCHSTONE_PORTS',
      }),
    );
  });
});
