import * as face from './index';

describe('the public face', () => {
  it('is these names', () => {
    expect(Object.keys(face).sort()).toEqual([
      'MAX_RELEASE_POLICY_AUTHORITIES',
      'MAX_RELEASE_POLICY_BYTES',
      'MAX_RELEASE_POLICY_CONDITIONS',
      'MAX_RELEASE_POLICY_DEPTH',
      'MAX_RUNTIME_KEYS',
      'OPERATORS',
      'ReleaseError',
      'authoritiesFor',
      'canonicalReleasePolicy',
      'decideRelease',
      'encodeReleasePolicy',
      'findKeyEncryptionKey',
      'parseReleasePolicy',
      'parseReleasePolicyText',
    ]);
  });
});
