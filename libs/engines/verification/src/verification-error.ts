import type { Check } from '@touchstone/decision';
import { CodedError } from '@touchstone/errors';

/** Our codes, and the name that Intel's library (QVL, or QvE with its `SGX_QL_` names) gives each failure. */
const INTEL_STATUS = {
  QUOTE_CERTIFICATION_DATA_UNSUPPORTED: 'SGX_QL_QUOTE_CERTIFICATION_DATA_UNSUPPORTED',
  COLLATERAL_MISSING: 'MISSING_PARAMETERS',
  CERTIFICATE_UNSUPPORTED: 'UNSUPPORTED_CERT_FORMAT',
  ROOT_CA_MISSING: 'SGX_ROOT_CA_MISSING',
  ROOT_CA_INVALID_ISSUER: 'SGX_ROOT_CA_INVALID_ISSUER',
  INTERMEDIATE_CA_MISSING: 'SGX_INTERMEDIATE_CA_MISSING',
  INTERMEDIATE_CA_INVALID_ISSUER: 'SGX_INTERMEDIATE_CA_INVALID_ISSUER',
  INTERMEDIATE_CA_REVOKED: 'SGX_INTERMEDIATE_CA_REVOKED',
  PCK_MISSING: 'SGX_PCK_MISSING',
  PCK_INVALID_EXTENSIONS: 'SGX_PCK_INVALID_EXTENSIONS',
  PCK_INVALID_ISSUER: 'SGX_PCK_INVALID_ISSUER',
  PCK_REVOKED: 'SGX_PCK_REVOKED',
  PCK_CHAIN_UNTRUSTED: 'SGX_PCK_CERT_CHAIN_UNTRUSTED',
  CRL_MALFORMED: 'SGX_CRL_UNSUPPORTED_FORMAT',
  CRL_UNKNOWN_ISSUER: 'SGX_CRL_UNKNOWN_ISSUER',
  CRL_INVALID_EXTENSIONS: 'SGX_CRL_INVALID_EXTENSIONS',
  CRL_INVALID_SIGNATURE: 'SGX_CRL_INVALID_SIGNATURE',
  TCB_SIGNING_CERT_MISSING: 'SGX_TCB_SIGNING_CERT_MISSING',
  TCB_SIGNING_CERT_INVALID_ISSUER: 'SGX_TCB_SIGNING_CERT_INVALID_ISSUER',
  TCB_SIGNING_CERT_REVOKED: 'SGX_TCB_SIGNING_CERT_REVOKED',
  TCB_SIGNING_CERT_CHAIN_UNTRUSTED: 'SGX_TCB_SIGNING_CERT_CHAIN_UNTRUSTED',
  TCB_INFO_MALFORMED: 'SGX_TCB_INFO_UNSUPPORTED_FORMAT',
  TCB_INFO_INVALID_SIGNATURE: 'TCB_INFO_INVALID_SIGNATURE',
  TCB_INFO_MISMATCH: 'TCB_INFO_MISMATCH',
  QE_IDENTITY_MALFORMED: 'SGX_ENCLAVE_IDENTITY_UNSUPPORTED_FORMAT',
  QE_IDENTITY_INVALID_SIGNATURE: 'SGX_ENCLAVE_IDENTITY_INVALID_SIGNATURE',
  QE_IDENTITY_MISMATCH: 'QE_IDENTITY_MISMATCH',
  QE_REPORT_INVALID_SIGNATURE: 'INVALID_QE_REPORT_SIGNATURE',
  QE_REPORT_DATA_MISMATCH: 'INVALID_QE_REPORT_DATA',
  TDX_MODULE_MISMATCH: 'TDX_MODULE_MISMATCH',
  ATTESTATION_KEY_INVALID: 'UNSUPPORTED_QUOTE_FORMAT',
  QUOTE_INVALID_SIGNATURE: 'INVALID_QUOTE_SIGNATURE',
  TCB_NOT_SUPPORTED: 'TCB_NOT_SUPPORTED',
  TCB_REVOKED: 'TCB_REVOKED',
  /** Ours alone: Intel's library leaves report data to its caller. */
  RUNTIME_DATA_MISMATCH: '',
} as const;

export type VerificationErrorCode = keyof typeof INTEL_STATUS;

export const intelStatusOf = (code: VerificationErrorCode): string => INTEL_STATUS[code];

export interface VerificationErrorDetails {
  readonly field?: string;
  readonly cause?: unknown;
}

/** Forged, broken, revoked or unknown: what cannot be believed. Being out of date is a fact, not an error. */
export class VerificationError extends CodedError<VerificationErrorCode> {
  /** Every check up to and including the one that failed, which is the last. */
  readonly checks: readonly Check[];
  /** Intel's name for the failure; empty for a check of ours. */
  readonly intelStatus: string;

  constructor(
    code: VerificationErrorCode,
    message: string,
    checks: readonly Check[],
    details: VerificationErrorDetails = {},
  ) {
    super(code, message, details);
    this.checks = checks;
    this.intelStatus = INTEL_STATUS[code];
  }
}
