import { fromUtf8 } from '@touchstone/bytes';
import { aVerifiedQuote } from './__fixtures__/verified';
import { previewClaims, type PreviewClaimsInput } from './preview-claims';

const claimsOf = (changes: Partial<PreviewClaimsInput> = {}) =>
  previewClaims({
    verified: aVerifiedQuote(),
    issued: { svn: 3, tee: 'sgx' },
    quoteDigest: 'aa'.repeat(32),
    policyDigest: 'bb'.repeat(32),
    ...changes,
  });

describe('previewClaims', () => {
  it('are those of both previews, and what the policy issued', () => {
    const runtimeData = { bytes: fromUtf8('held'), dataType: 'Binary' } as const;
    const claims = claimsOf({ runtimeData });
    expect(Object.keys(claims).sort()).toEqual([
      'aas-attestationcollateral',
      'aas-ehd',
      'aas-policyhash',
      'maa-attestationcollateral',
      'maa-ehd',
      'maa-policyHash',
      'svn',
      'tee',
    ]);
    expect(claims).toMatchObject({ 'aas-ehd': 'aGVsZA', 'aas-policyhash': 'bb'.repeat(32) });
  });

  it.each(['aas', 'maa'])('name the hashes of the collateral after %s', (prefix) => {
    const collateral = claimsOf()[`${prefix}-attestationcollateral`] as Record<string, string>;
    expect(Object.keys(collateral).sort()).toEqual(
      [
        'qeidcertshash',
        'qeidcrlhash',
        'qeidhash',
        'quotehash',
        'tcbinfocertshash',
        'tcbinfocrlhash',
        'tcbinfohash',
      ].map((name) => `${prefix}-${name}`),
    );
    expect(collateral[`${prefix}-quotehash`]).toBe('aa'.repeat(32));
  });

  it('have no held data where none was sent', () => {
    expect(claimsOf()).not.toHaveProperty('aas-ehd');
  });

  it('cannot be replaced by what a policy issued', () => {
    expect(claimsOf({ issued: { 'maa-policyHash': 'mine' } })).toMatchObject({
      'maa-policyHash': 'bb'.repeat(32),
    });
  });
});
