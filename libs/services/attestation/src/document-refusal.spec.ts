import { PolicyDocumentError } from '@touchstone/policy-document';
import { opened } from './document-refusal';

const AAD = { model: 'aad' } as const;

const refuse = (error: Error, jws = 'a.b.c') => {
  try {
    return opened(jws, AAD, () => {
      throw error;
    });
  } catch (thrown) {
    return thrown;
  }
};

describe('opened', () => {
  it('hands on what was opened', () => {
    expect(opened('', AAD, () => 1)).toBe(1);
  });

  it.each([
    ['POLICY_DOCUMENT_UNSIGNED', 'ATTESTATION_STATEMENT_SIGNER'],
    ['POLICY_DOCUMENT_SIGNER', 'ATTESTATION_STATEMENT_SIGNER'],
    ['POLICY_DOCUMENT_LAST_SIGNER', 'ATTESTATION_OPERATION_DISALLOWED'],
    ['POLICY_DOCUMENT_SIGNATURE', 'ATTESTATION_STATEMENT_INVALID'],
    ['POLICY_DOCUMENT_ALGORITHM', 'ATTESTATION_STATEMENT_INVALID'],
    ['POLICY_DOCUMENT_HEADER', 'ATTESTATION_STATEMENT_INVALID'],
    ['POLICY_DOCUMENT_MALFORMED', 'ATTESTATION_STATEMENT_INVALID'],
  ] as const)('says %s as %s', (code, ours) => {
    expect(refuse(new PolicyDocumentError(code, 'why'))).toMatchObject({
      code: ours,
      message: 'why',
    });
  });

  it.each([
    ['AttestationPolicy', 'a.b.c', 'Could not find "AttestationPolicy" claim in policy token'],
    ['policyCertificate', 'a.b.c', 'Could not find "maa-policyCertificate" claim in policy token'],
    ['jws', 'text', 'Malformed JWT: Could not find first period in the token.'],
  ])('says what is wrong with %s of %s as Azure does', (field, jws, message) => {
    const error = new PolicyDocumentError('POLICY_DOCUMENT_MALFORMED', 'why', { field });
    expect(refuse(error, jws)).toMatchObject({ message });
  });

  it('leaves failures of our own alone', () => {
    const fault = new TypeError('a fault');
    expect(refuse(fault)).toBe(fault);
  });
});
