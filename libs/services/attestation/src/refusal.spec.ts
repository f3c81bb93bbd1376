import { BytesError } from '@touchstone/bytes';
import { AppraisalError } from '@touchstone/appraisal';
import { ClaimsError } from '@touchstone/claims';
import { PolicySyntaxError } from '@touchstone/policy';
import { VerificationError, type VerificationErrorCode } from '@touchstone/verification';
import { AttestationError } from './attestation-error';
import { asAttestationError } from './refusal';

const CHECKS = [{ name: 'x', result: 'failed' }] as const;

describe('asAttestationError', () => {
  it.each<[VerificationErrorCode, string]>([
    ['QUOTE_INVALID_SIGNATURE', 'ATTESTATION_EVIDENCE_REFUSED'],
    ['PCK_CHAIN_UNTRUSTED', 'ATTESTATION_EVIDENCE_REFUSED'],
    ['PCK_REVOKED', 'ATTESTATION_EVIDENCE_REFUSED'],
    ['QE_IDENTITY_MISMATCH', 'ATTESTATION_EVIDENCE_REFUSED'],
    ['TCB_REVOKED', 'ATTESTATION_BASELINE'],
    ['TCB_NOT_SUPPORTED', 'ATTESTATION_BASELINE'],
    ['TCB_INFO_INVALID_SIGNATURE', 'ATTESTATION_COLLATERAL_INVALID'],
    ['CRL_INVALID_SIGNATURE', 'ATTESTATION_COLLATERAL_INVALID'],
    ['RUNTIME_DATA_MISMATCH', 'ATTESTATION_BINDING'],
  ])('%s is %s', (code, expected) => {
    const error = asAttestationError(new VerificationError(code, 'why', CHECKS));
    expect(error).toMatchObject({ code: expected, checks: CHECKS });
  });

  it.each([
    [new AppraisalError('APPRAISAL_BASELINE', 'why', CHECKS), 'ATTESTATION_BASELINE'],
    [
      new AppraisalError('APPRAISAL_COLLATERAL_EXPIRED', 'why', CHECKS),
      'ATTESTATION_COLLATERAL_INVALID',
    ],
    [new AppraisalError('APPRAISAL_INIT_DATA_BINDING', 'why', CHECKS), 'ATTESTATION_INIT_DATA'],
    [new ClaimsError('CLAIMS_JSON_MALFORMED', 'why'), 'ATTESTATION_HELD_DATA_INVALID'],
    [new BytesError('BYTES_INVALID_UTF8', 'why'), 'ATTESTATION_HELD_DATA_INVALID'],
    [
      new PolicySyntaxError({
        line: 1,
        column: 1,
        offendingSymbol: 'x',
        failingRule: 'policy',
        failureMessage: 'why',
        expected: [],
      }),
      'ATTESTATION_POLICY_SYNTAX',
    ],
  ])('%s has a meaning for the caller', (error, code) => {
    expect(asAttestationError(error)?.code).toBe(code);
    expect(asAttestationError(error)?.checks).toHaveLength(1);
  });

  it('leaves its own errors as they are', () => {
    const error = new AttestationError('ATTESTATION_POLICY_DENIED', 'why');
    expect(asAttestationError(error)).toBe(error);
  });

  it('knows nothing of failures of ours', () => {
    expect(asAttestationError(new TypeError('bug'))).toBeUndefined();
  });
});
