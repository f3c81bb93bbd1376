import * as face from './index';

describe('the public face', () => {
  it('judges evidence', () => {
    expect(Object.keys(face).sort()).toEqual([
      'EvidenceError',
      'requireIdentity',
      'verifyEvidence',
    ]);
  });
});
