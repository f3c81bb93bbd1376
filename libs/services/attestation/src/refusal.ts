import { BytesError } from '@touchstone/bytes';
import { ClaimsError } from '@touchstone/claims';
import type { Check } from '@touchstone/decision';
import { AppraisalError, type AppraisalErrorCode } from '@touchstone/appraisal';
import { PolicySyntaxError } from '@touchstone/policy';
import { VerificationError, type VerificationErrorCode } from '@touchstone/verification';
import { AttestationError, type AttestationErrorCode } from './attestation-error';

/** Failures of the documents that a platform is judged by, not of its evidence. */
const COLLATERAL_CODES: ReadonlySet<VerificationErrorCode> = new Set<VerificationErrorCode>([
  'COLLATERAL_MISSING',
  'CRL_MALFORMED',
  'CRL_UNKNOWN_ISSUER',
  'CRL_INVALID_EXTENSIONS',
  'CRL_INVALID_SIGNATURE',
  'TCB_SIGNING_CERT_MISSING',
  'TCB_SIGNING_CERT_INVALID_ISSUER',
  'TCB_SIGNING_CERT_REVOKED',
  'TCB_SIGNING_CERT_CHAIN_UNTRUSTED',
  'TCB_INFO_MALFORMED',
  'TCB_INFO_INVALID_SIGNATURE',
  'TCB_INFO_MISMATCH',
  'QE_IDENTITY_MALFORMED',
  'QE_IDENTITY_INVALID_SIGNATURE',
]);

const BASELINE_CODES: ReadonlySet<VerificationErrorCode> = new Set<VerificationErrorCode>([
  'TCB_NOT_SUPPORTED',
  'TCB_REVOKED',
]);

const APPRAISAL_CODES: Readonly<Record<AppraisalErrorCode, AttestationErrorCode>> = {
  APPRAISAL_BASELINE: 'ATTESTATION_BASELINE',
  APPRAISAL_BASELINE_UNKNOWN: 'ATTESTATION_POLICY_ERROR',
  APPRAISAL_COLLATERAL_EXPIRED: 'ATTESTATION_COLLATERAL_INVALID',
  APPRAISAL_NOT_SGX: 'ATTESTATION_EVIDENCE_MALFORMED',
  APPRAISAL_INIT_DATA_NOT_SUPPORTED: 'ATTESTATION_INIT_DATA',
  APPRAISAL_INIT_DATA_BINDING: 'ATTESTATION_INIT_DATA',
};

/** What a step's failure means to the caller; `undefined` for a failure that is ours. */
export function asAttestationError(error: unknown): AttestationError | undefined {
  if (error instanceof AttestationError) return error;
  if (error instanceof VerificationError)
    return wrap(verificationCode(error.code), error, error.checks);
  if (error instanceof AppraisalError)
    return wrap(APPRAISAL_CODES[error.code], error, error.checks);
  if (error instanceof PolicySyntaxError) {
    return wrap('ATTESTATION_POLICY_SYNTAX', error, [syntaxCheck(error)]);
  }
  if (error instanceof ClaimsError || error instanceof BytesError) {
    return wrap('ATTESTATION_HELD_DATA_INVALID', error, [failed('held-data-json', error)]);
  }
  return undefined;
}

function verificationCode(code: VerificationErrorCode): AttestationErrorCode {
  if (code === 'RUNTIME_DATA_MISMATCH') return 'ATTESTATION_BINDING';
  if (COLLATERAL_CODES.has(code)) return 'ATTESTATION_COLLATERAL_INVALID';
  return BASELINE_CODES.has(code) ? 'ATTESTATION_BASELINE' : 'ATTESTATION_EVIDENCE_REFUSED';
}

function wrap(
  code: AttestationErrorCode,
  cause: Error & { readonly field?: string },
  checks: readonly Check[],
): AttestationError {
  const { message, field } = cause;
  return new AttestationError(code, message, {
    ...(field !== undefined && { field }),
    cause,
    checks,
  });
}

/** What stands in the text, and what could have stood there. */
function syntaxCheck(error: PolicySyntaxError): Check {
  const { line, column, offendingSymbol, expected } = error;
  return {
    ...failed('policy-syntax', error),
    read: `${offendingSymbol} at line ${line}, column ${column}`,
    ...(expected.length > 0 && { expected: expected.join(' or ') }),
  };
}

function failed(name: string, { code, message }: { code: string; message: string }): Check {
  return { name, result: 'failed', code, detail: message };
}
