import { loadConfig } from './config';

describe('loadConfig', () => {
  it('has a default for everything', () => {
    expect(loadConfig({})).toMatchObject({ port: 7030, host: '127.0.0.1', dnsNames: [] });
  });

  it('reads what is set', () => {
    const config = loadConfig({
      INTEL_PCS_PORT: '0',
      INTEL_PCS_MANUFACTURING_TOKEN: 'abc',
      INTEL_PCS_SUBSCRIPTION_KEYS: 'one, two',
      INTEL_PCS_DNS_NAMES: 'intel-pcs',
      TOUCHSTONE_SEED: 'AB01',
      TOUCHSTONE_TLS_DIR: '/tls',
    });
    expect(config).toMatchObject({
      port: 0,
      manufacturingToken: 'abc',
      subscriptionKeys: ['one', 'two'],
      dnsNames: ['intel-pcs'],
      seed: 'ab01',
      tlsDir: '/tls',
    });
  });

  it('tells every problem at once', () => {
    const load = () => loadConfig({ INTEL_PCS_PORT: '70000', TOUCHSTONE_SEED: 'xyz' });
    expect(load).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID', field: 'TOUCHSTONE_SEED,INTEL_PCS_PORT' }),
    );
  });
});
