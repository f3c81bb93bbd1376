import * as face from './index';

describe('service-verifier', () => {
  it('shows this face', () => {
    expect(Object.keys(face).sort()).toEqual([
      'COLLATERAL_PARTS',
      'EVIDENCE_KINDS',
      'FieldWalk',
      'INTEL_ANCHORS',
      'KIND_NAMES',
      'MAX_COLLATERAL_BYTES',
      'SignerRefusal',
      'VerifierError',
      'WITHOUT_NAMES',
      'attributesText',
      'detailOf',
      'inspectCertificates',
      'inspectCollateral',
      'inspectQuote',
      'inspectToken',
      'judgeSigner',
      'parseAnchors',
      'parseKindName',
      'parseWithout',
      'recogniseCollateral',
      'recogniseEvidence',
      'shown',
      'tokenText',
      'unjudged',
      'verifyEvidence',
    ]);
  });
});
