import type { Check } from '@touchstone/decision';
import {
  CERTIFICATE_MEMBER,
  POLICY_MEMBER,
  PolicyDocumentError,
  type DocumentTrust,
} from '@touchstone/policy-document';
import { AttestationError } from './attestation-error';
import { documentCheck } from './document-check';

/** Texts of Azure's for what is missing in a document. */
const MISSING: Readonly<Record<string, string>> = {
  [CERTIFICATE_MEMBER]: 'Could not find "maa-policyCertificate" claim in policy token',
  [POLICY_MEMBER]: `Could not find "${POLICY_MEMBER}" claim in policy token`,
};
const NO_PERIOD = 'Malformed JWT: Could not find first period in the token.';

/**
 * Opens what an owner sent.
 *
 * @throws AttestationError ATTESTATION_STATEMENT_INVALID, ATTESTATION_STATEMENT_SIGNER or ATTESTATION_OPERATION_DISALLOWED
 */
export function opened<Document>(
  jws: string,
  trust: DocumentTrust,
  open: () => Document,
): Document {
  try {
    return open();
  } catch (error) {
    if (!(error instanceof PolicyDocumentError)) throw error;
    throw refusalOf(error, jws, documentCheck(error, jws, trust));
  }
}

function refusalOf(cause: PolicyDocumentError, jws: string, check: Check): AttestationError {
  const { code, message, field = '' } = cause;
  const options = { field, cause, checks: [check] };
  switch (code) {
    case 'POLICY_DOCUMENT_UNSIGNED':
    case 'POLICY_DOCUMENT_SIGNER':
      return new AttestationError('ATTESTATION_STATEMENT_SIGNER', message, options);
    case 'POLICY_DOCUMENT_LAST_SIGNER':
      return new AttestationError('ATTESTATION_OPERATION_DISALLOWED', message, options);
    case 'POLICY_DOCUMENT_MALFORMED':
      return new AttestationError(
        'ATTESTATION_STATEMENT_INVALID',
        MISSING[field] ?? (jws.includes('.') ? message : NO_PERIOD),
        options,
      );
    default:
      return new AttestationError('ATTESTATION_STATEMENT_INVALID', message, options);
  }
}
