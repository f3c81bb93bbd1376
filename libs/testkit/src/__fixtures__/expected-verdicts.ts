import type { DatedDocument, TcbStatus, VerificationErrorCode } from '@touchstone/verification';
import type { Breakage } from '../index';

/** Refused with this code by the check of this name, or judged with this status and these documents past their date. */
export type ExpectedVerdict =
  | { readonly code: VerificationErrorCode; readonly check: string }
  | { readonly status: TcbStatus; readonly expired: readonly DatedDocument[] };

const refused = (code: VerificationErrorCode, check: string): ExpectedVerdict => ({ code, check });

const judged = (status: TcbStatus, ...expired: DatedDocument[]): ExpectedVerdict => ({
  status,
  expired,
});

/** Every breakage there is, and the one thing that our verifier says to it. */
export const EXPECTED_VERDICTS: Readonly<Record<Breakage, ExpectedVerdict>> = {
  'pck-revoked': refused('PCK_REVOKED', 'pck-not-revoked'),

  'pck-certificate-expired': judged('UpToDate', 'pck-chain'),
  'pck-certificate-forged': refused('PCK_INVALID_ISSUER', 'pck-issuer'),
  'pck-certificate-other-fmspc': refused('TCB_INFO_MISMATCH', 'tcb-info-fmspc'),
  'pck-certificate-other-key': refused('QE_REPORT_INVALID_SIGNATURE', 'qe-report-signature'),
  'pck-certificate-no-extension': refused('PCK_INVALID_EXTENSIONS', 'pck-sgx-extension'),
  // Levels are matched by the components; CPUSVN beside them only matters to whoever selects certificates.
  'pck-certificate-cpusvn-mismatch': judged('UpToDate'),
  'pck-ca-expired': judged('UpToDate', 'pck-chain', 'pck-crl-issuer-chain'),
  'pck-ca-forged': refused('INTERMEDIATE_CA_INVALID_ISSUER', 'intermediate-ca-issuer'),
  'pck-ca-revoked': refused('INTERMEDIATE_CA_REVOKED', 'intermediate-ca-not-revoked'),
  // The key is pinned, not the certificate; Intel itself issued its root twice.
  'root-reissued': judged('UpToDate'),
  'root-replaced': refused('PCK_CHAIN_UNTRUSTED', 'trust-anchor'),

  'root-crl-expired': judged('UpToDate', 'root-ca-crl'),
  'root-crl-forged': refused('CRL_INVALID_SIGNATURE', 'root-ca-crl-signature'),
  'root-crl-without-number': refused('CRL_INVALID_EXTENSIONS', 'root-ca-crl-extensions'),
  'root-crl-of-the-ca': refused('CRL_UNKNOWN_ISSUER', 'root-ca-crl-issuer'),
  'pck-crl-expired': judged('UpToDate', 'pck-crl'),
  'pck-crl-forged': refused('CRL_INVALID_SIGNATURE', 'pck-crl-signature'),
  'pck-crl-other-ca': refused('CRL_UNKNOWN_ISSUER', 'pck-crl-issuer'),
  'pck-crl-without-aki': refused('CRL_INVALID_EXTENSIONS', 'pck-crl-extensions'),
  'pck-crl-garbage': refused('CRL_MALFORMED', 'pck-crl-format'),

  'tcb-signing-expired': judged('UpToDate', 'tcb-info-issuer-chain', 'qe-identity-issuer-chain'),
  'tcb-signing-forged': refused('TCB_SIGNING_CERT_INVALID_ISSUER', 'tcb-info-signer-issuer'),
  'tcb-signing-revoked': refused('TCB_SIGNING_CERT_REVOKED', 'tcb-info-signer-not-revoked'),
  'tcb-signing-without-crl-dp': refused(
    'CERTIFICATE_UNSUPPORTED',
    'tcb-info-issuer-chain-certificates',
  ),
  'tcb-signing-without-aki': refused(
    'CERTIFICATE_UNSUPPORTED',
    'tcb-info-issuer-chain-certificates',
  ),
  'tcb-signing-chain-of-the-ca': refused('TCB_SIGNING_CERT_MISSING', 'tcb-info-signer-present'),

  'tcb-info-expired': judged('UpToDate', 'tcb-info'),
  'tcb-info-forged': refused('TCB_INFO_INVALID_SIGNATURE', 'tcb-info-signature'),
  'tcb-info-tampered': refused('TCB_INFO_INVALID_SIGNATURE', 'tcb-info-signature'),
  'tcb-info-other-fmspc': refused('TCB_INFO_MISMATCH', 'tcb-info-fmspc'),
  'tcb-info-other-pceid': refused('TCB_INFO_MISMATCH', 'tcb-info-pceid'),
  'tcb-info-no-level': refused('TCB_NOT_SUPPORTED', 'tcb-level'),
  'tcb-info-duplicate-level': refused('TCB_INFO_MALFORMED', 'tcb-info-format'),
  'tcb-info-type-1': refused('TCB_INFO_MALFORMED', 'tcb-info-format'),
  'tcb-info-version-4': refused('TCB_INFO_MALFORMED', 'tcb-info-format'),
  'tcb-info-member-twice': refused('TCB_INFO_MALFORMED', 'tcb-info-format'),
  'tcb-info-component-256': refused('TCB_INFO_MALFORMED', 'tcb-info-format'),
  'tcb-info-without-signature': refused('TCB_INFO_MALFORMED', 'tcb-info-format'),
  'tcb-info-of-tdx': refused('TCB_INFO_MALFORMED', 'tcb-info-format'),
  // What is hashed is what arrived, so white space inside the signed object is as good as none.
  'tcb-info-spread-out': judged('UpToDate'),
  'tcb-info-levels-reversed': judged('UpToDate'),

  'tcb-out-of-date': judged('OutOfDate'),
  'tcb-out-of-date-configuration-needed': judged('OutOfDateConfigurationNeeded'),
  'tcb-configuration-needed': judged('ConfigurationNeeded'),
  'tcb-sw-hardening-needed': judged('SWHardeningNeeded'),
  'tcb-configuration-and-sw-hardening-needed': judged('ConfigurationAndSWHardeningNeeded'),
  'tcb-revoked': refused('TCB_REVOKED', 'tcb-status'),

  'qe-identity-expired': judged('UpToDate', 'qe-identity'),
  'qe-identity-forged': refused('QE_IDENTITY_INVALID_SIGNATURE', 'qe-identity-signature'),
  'qe-identity-tampered': refused('QE_IDENTITY_INVALID_SIGNATURE', 'qe-identity-signature'),
  'qe-identity-other-signer': refused('QE_IDENTITY_MISMATCH', 'qe-mrsigner'),
  'qe-identity-other-product': refused('QE_IDENTITY_MISMATCH', 'qe-isvprodid'),
  'qe-identity-of-td-qe': refused('QE_IDENTITY_MISMATCH', 'qe-identity-tee'),
  'qe-identity-of-qve': refused('QE_IDENTITY_MISMATCH', 'qe-identity-tee'),
  'qe-identity-version-3': refused('QE_IDENTITY_MALFORMED', 'qe-identity-format'),
  'qe-out-of-date': judged('OutOfDate'),
  'qe-revoked': refused('TCB_REVOKED', 'tcb-status'),
  'qe-no-level': refused('TCB_NOT_SUPPORTED', 'qe-tcb-level'),

  'body-mrenclave': refused('QUOTE_INVALID_SIGNATURE', 'quote-signature'),
  'header-user-data': refused('QUOTE_INVALID_SIGNATURE', 'quote-signature'),
  'signature-zero': refused('QUOTE_INVALID_SIGNATURE', 'quote-signature'),
  'signature-swapped': refused('QUOTE_INVALID_SIGNATURE', 'quote-signature'),
  'attestation-key-other': refused('QE_REPORT_DATA_MISMATCH', 'attestation-key-binding'),
  'attestation-key-off-curve': refused('ATTESTATION_KEY_INVALID', 'attestation-key'),
  'auth-data-other': refused('QE_REPORT_DATA_MISMATCH', 'attestation-key-binding'),
  'auth-data-empty': judged('UpToDate'),
  'auth-data-longest': judged('UpToDate'),
  'qe-report-tampered': refused('QE_REPORT_INVALID_SIGNATURE', 'qe-report-signature'),
  'qe-report-signature-swapped': refused('QE_REPORT_INVALID_SIGNATURE', 'qe-report-signature'),
  'qe-report-data-tail': refused('QE_REPORT_DATA_MISMATCH', 'attestation-key-binding'),
  'qe-debug': refused('QE_IDENTITY_MISMATCH', 'qe-attributes'),
  'qe-other-product': refused('QE_IDENTITY_MISMATCH', 'qe-isvprodid'),
  'qe-other-signer': refused('QE_IDENTITY_MISMATCH', 'qe-mrsigner'),
  'qe-misc-select': refused('QE_IDENTITY_MISMATCH', 'qe-miscselect'),
  'qe-svn-zero': refused('TCB_NOT_SUPPORTED', 'qe-tcb-level'),

  'pck-chain-leaf-alone': refused('CERTIFICATE_UNSUPPORTED', 'pck-chain-length'),
  'pck-chain-extra-certificate': refused('CERTIFICATE_UNSUPPORTED', 'pck-chain-length'),
  'pck-chain-reversed': judged('UpToDate'),
  'pck-chain-garbage': refused('CERTIFICATE_UNSUPPORTED', 'pck-chain-format'),
  'pck-chain-absent': refused('QUOTE_CERTIFICATION_DATA_UNSUPPORTED', 'certification-data'),
};
