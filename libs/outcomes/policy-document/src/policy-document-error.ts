import { CodedError } from '@touchstone/errors';

export type PolicyDocumentErrorCode =
  /** No JWS, or one whose payload is not what the operation takes. */
  | 'POLICY_DOCUMENT_MALFORMED'
  /** A header member that a policy must not have, or that contradicts another. */
  | 'POLICY_DOCUMENT_HEADER'
  | 'POLICY_DOCUMENT_ALGORITHM'
  | 'POLICY_DOCUMENT_SIGNATURE'
  /** The provider takes signed documents only. */
  | 'POLICY_DOCUMENT_UNSIGNED'
  /** The signature verifies, but nobody who may sign made it. */
  | 'POLICY_DOCUMENT_SIGNER'
  /** A key to sign with that cannot be used, or does not belong to its certificate. */
  | 'POLICY_DOCUMENT_KEY'
  /** A provider that takes signed documents only keeps one signer at least. */
  | 'POLICY_DOCUMENT_LAST_SIGNER';

/** `field` names the member at fault, such as `x5c[1]` or `AttestationPolicy`. */
export class PolicyDocumentError extends CodedError<PolicyDocumentErrorCode> {}
