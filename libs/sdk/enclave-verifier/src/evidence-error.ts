import { CodedError } from '@touchstone/errors';

export type EvidenceErrorCode =
  /** Neither a quote, nor one that Open Enclave wraps. */
  | 'EVIDENCE_MALFORMED'
  /** A quote of something else than an SGX enclave. */
  | 'EVIDENCE_NOT_SGX'
  | 'EVIDENCE_CUSTOM_CLAIMS_MISMATCH'
  | 'EVIDENCE_TCB_NOT_ACCEPTED'
  | 'EVIDENCE_COLLATERAL_MALFORMED'
  | 'EVIDENCE_COLLATERAL_EXPIRED'
  | 'EVIDENCE_DEBUG'
  | 'EVIDENCE_MRENCLAVE_MISMATCH'
  | 'EVIDENCE_MRSIGNER_MISMATCH'
  | 'EVIDENCE_PRODUCT_ID_MISMATCH'
  | 'EVIDENCE_SVN_TOO_LOW'
  | 'EVIDENCE_CONFIG_ID_MISMATCH';

/** Evidence that is genuine or not, but not what this relying party takes. Forgeries are `VerificationError`s. */
export class EvidenceError extends CodedError<EvidenceErrorCode> {}
