import { attestationProvider, storedBlobUrl, vaultKeyId, withoutQuery } from './endpoints';

const endpoints = {
  attestation: ['https://a.test/one/', 'https://a.test/two'],
  vaults: ['https://v.test', 'https://w.test/'],
  storage: ['https://s.test/account'],
};
const refused = expect.objectContaining({ code: 'HOST_ENDPOINT_REFUSED' });

describe('attestationProvider', () => {
  it('is the first one by default, or the named one', () => {
    expect(attestationProvider(endpoints, '')).toBe('https://a.test/one');
    expect(attestationProvider(endpoints, 'https://a.test/two/')).toBe('https://a.test/two');
  });

  it.each([
    'https://a.test',
    'https://a.test/three',
    'http://a.test/two',
    'https://a.test/two/../three',
  ])('is not %s', (url) => {
    expect(() => attestationProvider(endpoints, url)).toThrow(refused);
  });
});

describe('vaultKeyId', () => {
  it.each(['https://v.test/keys/k', `https://w.test/keys/k-1/${'0a'.repeat(16)}`])(
    'is %s',
    (id) => {
      expect(vaultKeyId(endpoints, id)).toBe(id);
    },
  );

  it.each([
    '',
    'https://v.test/keys/',
    'https://v.test/secrets/k',
    'https://v.test.evil/keys/k',
    'https://x.test/keys/k',
    'https://v.test/keys/k/version',
    'https://v.test/keys/k?x=1',
    'https://v.test/keys/../secrets/k',
  ])('is not %s', (id) => {
    expect(() => vaultKeyId(endpoints, id)).toThrow(refused);
  });
});

describe('storedBlobUrl', () => {
  it.each([
    'https://s.test/account/shared/data.bin',
    'https://s.test/account/shared/folder/data.bin?sv=1&sig=a%2Fb',
  ])('is %s', (url) => {
    expect(storedBlobUrl(endpoints, url)).toBe(url);
  });

  it.each([
    '',
    'https://s.test/account/shared',
    'https://s.test/other/shared/data.bin',
    'https://s.test.evil/account/shared/data.bin',
    'https://s.test/account/shared/../../other/data.bin',
    'https://s.test/account/../other/data.bin',
    'https://s.test/account/shared/%2e%2e/data.bin',
    'https://s.test/account/shared/data.bin#x',
  ])('is not %s', (url) => {
    expect(() => storedBlobUrl(endpoints, url)).toThrow(refused);
  });
});

describe('withoutQuery', () => {
  it('leaves out a shared access signature', () => {
    expect(withoutQuery('https://s.test/account/c/b?sig=secret')).toBe(
      'https://s.test/account/c/b',
    );
  });
});
