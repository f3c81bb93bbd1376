import { API_VERSIONS, parseApiVersion, supportsRelease } from './api-version';

describe('parseApiVersion', () => {
  it.each(API_VERSIONS)('takes %s', (version) => {
    expect(parseApiVersion(version)).toBe(version);
  });

  it.each([undefined, ''])('misses %j', (value) => {
    expect(() => parseApiVersion(value)).toThrow(
      expect.objectContaining({ code: 'VAULT_API_VERSION_MISSING' }),
    );
  });

  it.each(['1.0', '7.9', '2025-07-02', 'x'.repeat(5000)])('does not know %s', (value) => {
    expect(() => parseApiVersion(value)).toThrow(
      expect.objectContaining({ code: 'VAULT_API_VERSION_UNKNOWN' }),
    );
  });
});

describe('supportsRelease', () => {
  it.each([
    ['7.2', false],
    ['7.3-preview', true],
    ['7.4', true],
    ['2025-07-01', true],
  ] as const)('%s: %s', (version, supported) => {
    expect(supportsRelease(version)).toBe(supported);
  });
});
